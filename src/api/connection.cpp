#include "api/connection.hpp"

#include <random>

#include "net/retry.hpp"

namespace bookafy {
namespace {

// Measured: with latency only the number in flight counts, and more than a hundred HTTP/2 streams gain nothing.
constexpr int default_jobs = 100;

double random_fraction() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

ClientOptions completed(ClientOptions options) {
  if (!options.surroundings.random) options.surroundings.random = random_fraction;
  return options;
}

}  // namespace

Connection::Connection(http::Transport& transport, ClientOptions options)
    : options_(completed(std::move(options))), queue_(transport, options_.retry, options_.surroundings, default_jobs) {}

std::uint64_t Connection::submit(std::string method, std::string_view target, std::string body, net::Turn turn) {
  http::Request request;
  request.method = std::move(method);
  request.url = options_.base_url + std::string(target);
  request.headers = {{"Authorization", "Bearer " + std::string(options_.token.reveal())},
                     {"Accept", "application/json"}};
  if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  request.body = std::move(body);
  return queue_.submit(std::move(request), turn);
}

net::Answer Connection::await(std::uint64_t ticket) {
  net::Answer answer = queue_.await(ticket);
  if (const auto* response = std::get_if<http::Response>(&answer.outcome))
    if (const auto date = http::header(response->headers, "Date"); !date.empty()) {
      last_date_ = date;
      last_heard_ = steady_now();
    }
  return answer;
}

std::optional<Timestamp> Connection::last_response_date() const {
  const auto date = net::parse_http_date(last_date_);
  if (!date) return std::nullopt;
  return std::chrono::floor<std::chrono::microseconds>(*date);
}

Timestamp Connection::server_time(std::chrono::steady_clock::time_point at) const {
  // In microseconds: in nanoseconds, a far date of the server's would wrap round.
  const auto date = last_response_date();
  if (date) return *date + std::chrono::floor<std::chrono::microseconds>(at - last_heard_);
  return std::chrono::floor<std::chrono::microseconds>(now()) +
         std::chrono::floor<std::chrono::microseconds>(at - steady_now());
}

net::Answer Connection::send(std::string method, std::string_view target, std::string body) {
  return await(submit(std::move(method), target, std::move(body)));
}

void Connection::pause(std::chrono::milliseconds wait) { queue_.run_until(options_.surroundings.steady_now() + wait); }

void Connection::notify(const std::string& text) const {
  if (options_.surroundings.notify) options_.surroundings.notify(text);
}

std::shared_ptr<Connection> locked(const std::weak_ptr<Connection>& connection) {
  if (auto found = connection.lock()) return found;
  throw Error(ErrorKind::usage, "the client of this list does not exist any more");
}

}  // namespace bookafy
