/// Requests, answers, and the one seam to the network.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bookafy::http {

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

struct Request {
  std::string method = "GET";
  std::string url;  ///< absolute on the client's side; path and query on a server's
  std::vector<Header> headers;
  std::string body;
};

struct Response {
  int status = 0;
  std::vector<Header> headers;
  std::string body;
};

/// Letter case ignored.
bool is_named(const Header& header, std::string_view name);
/// The first header of that name, letter case ignored (RFC 9110 section 5.1); empty when absent.
std::string_view header(const std::vector<Header>& headers, std::string_view name);

/// No usable answer came.
struct Failure {
  enum class Reason { resolve, connect, proxy, tls, timeout, cut_off, too_large, malformed };
  Reason reason = Reason::connect;
  bool sent = false;  ///< the server may have seen the request: only then can a repeated POST do harm
  std::string message;
  std::string request_id = {};  ///< the X-Request-Id of an answer that began and could not be used
  /// Set when the user's proxy failed and not the server: its status for the tunnel, 0 when there was none.
  std::optional<int> proxy_status = {};
};

using Outcome = std::variant<Response, Failure>;

struct Completed {
  std::uint64_t id = 0;
  Outcome outcome;
  bool resent = false;  ///< the transport itself had to send it twice: a reused connection turned out to be dead
};

/// Carries one request or many in flight. Used from one thread.
class Transport {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Begins a request under an id of the caller's choice, unique among those in flight. Does not block.
  virtual void start(std::uint64_t id, Request request) = 0;
  /// Returns what ended, waiting for at least one until the deadline; empty when the deadline passed first.
  /// With nothing in flight it sleeps until the deadline. Throws Interrupted when the user asked to stop.
  virtual std::vector<Completed> wait(Deadline until) = 0;
  /// Stops a request: `wait` does not return it any more. An unknown id is ignored. Does not block or throw. A
  /// transport that cannot stop a request may still return it: the outcome is ignored.
  virtual void cancel(std::uint64_t /*id*/) {}
  /// How many requests it can carry at once; further ones wait inside it. Depends on the protocol of the server.
  virtual std::size_t capacity() const { return std::numeric_limits<std::size_t>::max(); }
  /// Requests at once at most, 1 or more, whatever the protocol.
  virtual void set_max_concurrency(std::size_t /*requests*/) {}
  /// Stops a request of which nothing was sent, as `cancel` does. False when something may have been: it goes on.
  virtual bool cancel_unsent(std::uint64_t /*id*/) { return false; }
};

/// The user asked to stop (SIGINT, SIGTERM).
struct Interrupted {
  int signal = 0;
  std::string account;  ///< what is uncertain because of it, in words; empty when nothing is
};

}  // namespace bookafy::http
