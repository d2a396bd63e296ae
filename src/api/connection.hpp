/// The configured API: where requests go, what signs them, and the queue they share.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bookafy/client.hpp"
#include "net/request_queue.hpp"

namespace bookafy {

class Connection {
 public:
  Connection(http::Transport& transport, ClientOptions options);

  /// Queues a request for a path (and query) of the API. The only place where the token is attached, and the host is
  /// always the configured one.
  std::uint64_t submit(std::string method, std::string_view target, std::string body = {}, net::Turn turn = {});
  bool has_ended(std::uint64_t ticket) const { return queue_.has_ended(ticket); }
  net::Answer await(std::uint64_t ticket);
  /// Instead of `await`: stops the request.
  void abandon(std::uint64_t ticket) { queue_.abandon(ticket); }
  void progress() { queue_.progress(); }
  net::Fate fate(std::uint64_t ticket) const { return queue_.fate(ticket); }
  net::Answer send(std::string method, std::string_view target, std::string body = {});
  /// Lets time pass before another try. Throws http::Interrupted.
  void pause(std::chrono::milliseconds wait);

  void limit_jobs(int jobs) { queue_.limit(jobs); }
  const ClientOptions& options() const { return options_; }
  std::chrono::system_clock::time_point now() const { return options_.surroundings.wall_now(); }
  std::chrono::steady_clock::time_point steady_now() const { return options_.surroundings.steady_now(); }
  /// The Date header of the last response that had one.
  std::optional<Timestamp> last_response_date() const;
  /// What the server's clock read at that time, rounded down to the second that its Date header names. Falls back to
  /// the local clock while no response had that header.
  Timestamp server_time(std::chrono::steady_clock::time_point at) const;
  void notify(const std::string& text) const;

 private:
  ClientOptions options_;
  net::RequestQueue queue_;
  std::string last_date_;                               ///< the Date header of the last answer that had one
  std::chrono::steady_clock::time_point last_heard_{};  ///< when that came
};

/// The connection of a client, for what may outlive it. Throws Error (usage) when the client does not exist any more.
std::shared_ptr<Connection> locked(const std::weak_ptr<Connection>& connection);

}  // namespace bookafy
