/// One request and its answer while they are under way, and what all exchanges of a server share.
#pragma once

#include <microhttpd.h>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "bookafy/http.hpp"
#include "server/connections.hpp"
#include "server/http_server.hpp"
#include "system/wake.hpp"

namespace bookafy::server {

/// Shared by the server and every Respond, so that a Respond may outlive the server.
struct Switchboard : std::enable_shared_from_this<Switchboard> {
  Handler handler;
  std::function<void(const http::Request&, const http::Response&)> refused;
  std::function<void(const std::string&)> handler_failed;
  std::size_t max_body = 0;
  std::chrono::milliseconds answer_time{0};
  Connections connections;  ///< the server thread's alone

  explicit Switchboard(const ConnectionLimits& limits) : connections(limits) {}

  std::mutex mutex;
  std::condition_variable all_written;
  bool stopping = false;             ///< no further requests
  bool closed = false;               ///< and no more waiting for answers
  std::size_t under_way = 0;         ///< exchanges whose request is whole and whose answer is not written yet
  std::vector<Exchange*> suspended;  ///< waiting for their answer, in no order
  bool called = false;               ///< the server's thread was woken and has not looked yet
  system::Wake wake;                 ///< for that thread, once for all answers that come meanwhile

  /// Answers 503 what has waited for its handler for longer than `answer_time`. The server thread.
  void answer_late();

  void call_locked() {
    if (!std::exchange(called, true)) wake.call();
  }
};

/// Where an exchange stands. `request`, and what stands above it, is the server thread's alone; what is below is
/// guarded by the switchboard's mutex until the answer is there.
struct Exchange {
  enum class Phase { receiving, handling, suspended, answered, finished };

  std::shared_ptr<Switchboard> switchboard;
  std::shared_ptr<Exchange> self;  ///< libmicrohttpd's share: it knows a plain pointer only
  bool begun = false;
  std::size_t received = 0;  ///< bytes of the body so far, kept or not
  std::size_t kept = 0;      ///< those of them that take memory, here or at the handler's
  bool had_no_room = false;  ///< memory was short: the body was thrown away
  http::Request request;
  std::string content_coding;  ///< a body with one is refused

  MHD_Connection* connection = nullptr;
  Phase phase = Phase::receiving;
  std::size_t slot = 0;  ///< place in `suspended`
  std::chrono::steady_clock::time_point handed_over{};
  http::Response response;

  /// Takes the answer unless there is one already, and wakes the connection when it sleeps. Any thread.
  void answer(http::Response given);
  /// The answer's part under the lock.
  void answer_locked(http::Response given);
};

/// libmicrohttpd's callbacks; `cls` is the Switchboard.
void* exchange_begun(void* cls, const char* target, MHD_Connection* connection);
MHD_Result exchange_continued(void* cls, MHD_Connection* connection, const char* path, const char* method,
                              const char* version, const char* data, std::size_t* size, void** exchange);
void exchange_ended(void* cls, MHD_Connection* connection, void** exchange, MHD_RequestTerminationCode why);
void connection_noticed(void* cls, MHD_Connection* connection, void** peer, MHD_ConnectionNotificationCode what);

}  // namespace bookafy::server
