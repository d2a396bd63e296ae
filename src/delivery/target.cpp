#include "delivery/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace bookafy::delivery {
namespace {

constexpr std::array<std::string_view, 12> of_one_connection{
    "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization",
    "TE",         "Trailer",    "Upgrade",          "Transfer-Encoding",  "Content-Length",
    "Host",       "Expect"};

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// What the lines named Connection list.
std::vector<std::string_view> named_by_connection(const std::vector<http::Header>& headers) {
  std::vector<std::string_view> names;
  for (const http::Header& header : headers) {
    if (!http::is_named(header, "Connection")) continue;
    for (std::string_view list = header.value; !list.empty();) {
      const auto end = std::min(list.find(','), list.size());
      if (const auto name = without_blanks(list.substr(0, end)); !name.empty()) names.push_back(name);
      list.remove_prefix(std::min(end + 1, list.size()));
    }
  }
  return names;
}

}  // namespace

http::Request passed_on(const std::string& url, const Delivery& delivery) {
  http::Request request{.method = "POST", .url = url, .headers = {}, .body = delivery.body};
  const std::vector<std::string_view> listed = named_by_connection(delivery.headers);
  for (const http::Header& header : delivery.headers) {
    const auto is_header = [&](std::string_view name) { return http::is_named(header, name); };
    if (std::none_of(of_one_connection.begin(), of_one_connection.end(), is_header) &&
        std::none_of(listed.begin(), listed.end(), is_header))
      request.headers.push_back(header);
  }
  return request;
}

bool is_taken(const http::Outcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  return response && response->status >= 200 && response->status <= 299;
}

std::string_view redirect_of(const http::Response& response) {
  return response.status >= 300 && response.status <= 399 ? http::header(response.headers, "Location") : "";
}

std::string account_of(const http::Outcome& outcome) {
  if (const auto* response = std::get_if<http::Response>(&outcome)) {
    const auto location = redirect_of(*response);
    if (location.empty()) return fmt::format("answered {}", response->status);
    return fmt::format("answered {} to {}; redirects are not followed", response->status, location);
  }
  return std::get<http::Failure>(outcome).message;
}

std::chrono::milliseconds retry_wait(int failures) {
  constexpr std::chrono::milliseconds first{500};
  constexpr std::chrono::milliseconds longest{60'000};
  return std::min(longest, first * (1 << std::min(failures - 1, 10)));
}

}  // namespace bookafy::delivery
