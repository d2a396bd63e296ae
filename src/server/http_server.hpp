/// An HTTP/1.1 server on one thread, over libmicrohttpd: the sandbox and the delivery receiver stand on it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "bookafy/http.hpp"
#include "server/listener.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::server {

struct ServerOptions {
  std::string host = "127.0.0.1";                   ///< a numeric address or localhost
  int port = 0;                                     ///< 0: any free one
  std::size_t max_body = std::size_t{1024} * 1024;  ///< bytes; a larger body is answered 413 without being kept
  /// At most, and fewer where the process may not have as many descriptors beside those it has. When all are taken the
  /// next client gets the place of the one that the server has waited for the longest.
  unsigned max_connections = 4096;
  std::size_t body_memory = std::size_t{64} * 1024 * 1024;  ///< of all bodies together, or two of the largest size
  std::chrono::seconds idle_timeout{30};                    ///< a connection that sends nothing for so long is closed
  /// So is one whose request is not whole after this; a large body has more if it comes with 16 KiB/s or faster.
  std::chrono::milliseconds request_time{60'000};
  std::chrono::seconds grace{0};  ///< at the end, how long requests under way may take to be answered
  /// A request that the handler has not answered after this, or up to a second later, is answered 503; 0: no limit.
  std::chrono::milliseconds answer_time{0};
  /// Gets the reason when the handler throws, whose request is answered 500; on the server's thread.
  std::function<void(const std::string&)> handler_failed = {};
  /// Gets what ends the server's thread, and ends the grace; outlives the server. nullptr: the server's own.
  system::ThreadFailure* failure = nullptr;
  /// Told of each request that the server answers itself (413, 503), with its answer, on the server's thread.
  std::function<void(const http::Request&, const http::Response&)> refused = {};
  /// Told, on the server's thread, when clients have to wait because there is no room, descriptor or memory for a
  /// further connection, and when that is over.
  std::function<void(const std::string&)> report = {};
};

/// Answers one request, now or later, from any thread, exactly once. A copy may outlive the server: then it does
/// nothing.
using Respond = std::function<void(http::Response)>;
/// Called on the server's thread with the whole request; `request.url` is path and query. It must not block: idle and
/// slow clients cost nothing, a blocked handler stops everybody.
using Handler = std::function<void(http::Request, Respond)>;

class HttpServer {
 public:
  /// Listens at once. Throws Error (usage) when the address cannot be had.
  HttpServer(const ServerOptions& options, Handler handler);
  /// The same on a socket that listens already; `options.host` and `port` are not looked at.
  HttpServer(Listener listener, const ServerOptions& options, Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Stops accepting, waits for the answers of requests under way, answers 503 to those that have none after the grace
  /// period, lets all be written, and joins the thread.
  ~HttpServer();

  int port() const;
  /// `http://127.0.0.1:8025`
  std::string base_url() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::server
