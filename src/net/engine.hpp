/// The outside world: HTTP over libcurl's multi interface.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "bookafy/http.hpp"
#include "net/trust.hpp"

namespace bookafy::net {

enum class Purpose {
  api,       ///< a client: User-Agent, Accept and decompression are added, bodies are read whole
  delivery,  ///< sends exactly the headers of the request; the status is the result, and little of a body is read
};

struct EngineOptions {
  Purpose purpose = Purpose::api;
  std::chrono::milliseconds timeout{30'000};          ///< for a whole request, connecting included
  std::chrono::milliseconds connect_timeout{10'000};  ///< name look-up and handshakes
  /// Less than a byte a second for so long is a dead transfer, whatever the whole request may take.
  std::chrono::seconds stalled{30};
  TrustOptions trust;
  std::size_t max_answer = std::size_t{16} * 1024 * 1024;  ///< bytes of a body once decompressed
  long connections = 8;                                    ///< per host, for servers that speak HTTP/1.1
  long streams = 100;                                      ///< per HTTP/2 connection
  std::string user_agent;
  std::function<void(const std::string&)> trace;  ///< told of every request and answer, a line a call; empty: no trace
  /// A descriptor that becomes readable when `interrupted` may have changed; -1: none.
  int wake_descriptor = -1;
  std::function<int()> interrupted;  ///< the signal that asked to stop, or 0
};

/// Redirects are never followed and no proxy but the user's (the usual variables) is used. TLS 1.2 at least, always
/// verified. Throws Error (internal) when libcurl cannot be loaded or set up.
class Engine final : public http::Transport {
 public:
  explicit Engine(EngineOptions options);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() override;

  void start(std::uint64_t id, http::Request request) override;
  std::vector<http::Completed> wait(Deadline until) override;
  void cancel(std::uint64_t id) override;
  std::size_t capacity() const override;
  void set_max_concurrency(std::size_t requests) override;
  bool cancel_unsent(std::uint64_t id) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::net
