#include "delivery/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bookafy::delivery {
namespace {

constexpr std::array<std::string_view, 11> of_one_connection{
    "Connection", "Keep-Alive", "Proxy-Connection",  "Proxy-Authenticate", "TE",
    "Trailer",    "Upgrade",    "Transfer-Encoding", "Content-Length",     "Host",
    "Expect"};

bool belongs_to_connection(const http::Header& header, std::string_view connection) {
  if (std::any_of(of_one_connection.begin(), of_one_connection.end(),
                  [&](std::string_view name) { return http::is_named(header, name); }))
    return true;
  // The Connection header lists further ones.
  while (!connection.empty()) {
    const auto end = std::min(connection.find(','), connection.size());
    std::string_view name = connection.substr(0, end);
    connection.remove_prefix(std::min(end + 1, connection.size()));
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    name = name.substr(0, name.find_last_not_of(" \t") + 1);
    if (!name.empty() && http::is_named(header, name)) return true;
  }
  return false;
}

}  // namespace

http::Request passed_on(const std::string& url, const Delivery& delivery) {
  http::Request request{.method = "POST", .url = url, .headers = {}, .body = delivery.body};
  const std::string_view connection = http::header(delivery.headers, "Connection");
  for (const http::Header& header : delivery.headers)
    if (!belongs_to_connection(header, connection)) request.headers.push_back(header);
  return request;
}

bool is_taken(const http::Outcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  return response && response->status >= 200 && response->status <= 299;
}

std::string account_of(const http::Outcome& outcome) {
  if (const auto* response = std::get_if<http::Response>(&outcome)) return fmt::format("answered {}", response->status);
  return std::get<http::Failure>(outcome).message;
}

std::chrono::milliseconds retry_wait(int failures) {
  constexpr std::chrono::milliseconds first{500};
  constexpr std::chrono::milliseconds longest{60'000};
  return std::min(longest, first * (1 << std::min(failures - 1, 10)));
}

}  // namespace bookafy::delivery
