#include "net/retry.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bookafy::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_backoff{500};
constexpr milliseconds longest_backoff{30'000};
constexpr int largest_number = 1'000'000'000;
constexpr std::time_t latest_time = 4'102'444'800;  // the year 2100

bool is_transient(int status) {
  constexpr std::array transient{408, 429, 500, 502, 503, 504};
  return std::find(transient.begin(), transient.end(), status) != transient.end();
}

bool is_transient(http::Failure::Reason reason) {
  using Reason = http::Failure::Reason;
  return reason == Reason::resolve || reason == Reason::connect || reason == Reason::timeout ||
         reason == Reason::cut_off;
}

bool is_repeatable(const http::Request& request) {
  return request.method == "GET" || request.method == "HEAD" || request.method == "DELETE";
}

}  // namespace

milliseconds backoff(int tries, double chance) {
  const double ceiling =
      std::min<double>(static_cast<double>(longest_backoff.count()),
                       static_cast<double>(first_backoff.count()) * std::pow(2.0, std::min(tries - 1, 16)));
  return milliseconds(static_cast<std::int64_t>(ceiling * chance));
}

std::optional<int> header_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int number = 0;
  const auto problem = std::from_chars(text.data(), text.data() + text.size(), number).ec;
  return problem == std::errc{} ? std::min(number, largest_number) : largest_number;
}

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text) {
  constexpr std::array forms{"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};
  const std::string copy(text.substr(0, 64));
  for (const char* form : forms) {
    std::tm parts{};
    const char* end = strptime(copy.c_str(), form, &parts);
    // A duration of nanoseconds holds 292 years: what lies further off stays far off instead of wrapping round.
    if (end && *end == '\0')
      return std::chrono::system_clock::from_time_t(std::clamp<std::time_t>(timegm(&parts), 0, latest_time));
  }
  return std::nullopt;
}

std::optional<milliseconds> asked_wait(const http::Response& response, std::chrono::system_clock::time_point now) {
  const auto retry_after = http::header(response.headers, "Retry-After");
  if (auto seconds = header_number(retry_after)) return std::chrono::seconds(*seconds);
  if (const auto date = parse_http_date(retry_after)) {
    const auto server_now = parse_http_date(http::header(response.headers, "Date"));
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*date - server_now.value_or(now)));
  }
  // On a 503 the rate limit's reset is only meant when the limit is used up.
  const bool limited = response.status == 429 || http::header(response.headers, "X-RateLimit-Remaining") == "0";
  if (!limited) return std::nullopt;
  if (auto seconds = header_number(http::header(response.headers, "X-RateLimit-Reset")))
    return std::chrono::seconds(*seconds);
  return std::nullopt;
}

Decision decide(const http::Request& request, const http::Outcome& outcome, int tries, const RetryPolicy& policy,
                double chance, std::chrono::system_clock::time_point now) {
  Decision decision;
  std::optional<milliseconds> asked;
  if (const auto* response = std::get_if<http::Response>(&outcome)) {
    if (!is_transient(response->status) || (!is_repeatable(request) && response->status != 429)) return decision;
    asked = asked_wait(*response, now);
    decision.why = std::to_string(response->status);
  } else {
    const auto& failure = std::get<http::Failure>(outcome);
    if (!is_transient(failure.reason) || (!is_repeatable(request) && failure.sent)) return decision;
    decision.why = failure.message;
  }
  if (asked && *asked > policy.max_wait) {
    decision.verdict = Decision::Verdict::too_long;
    decision.wait = *asked;
  } else if (tries <= policy.max_retries) {
    decision.verdict = Decision::Verdict::retry;
    // A wait of zero that the server asked for must not turn into a busy loop.
    decision.wait = asked && asked->count() > 0 ? *asked : backoff(tries, chance);
  }
  return decision;
}

}  // namespace bookafy::net
