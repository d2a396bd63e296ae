/// Where deliveries are passed on to.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "bookafy/http.hpp"
#include "delivery/delivery.hpp"

namespace bookafy::delivery {

/// The same POST for another server: body and headers byte for byte, without those that belong to one connection
/// (RFC 9110 section 7.6.1), those that a Connection line lists, Host, Content-Length and Expect.
http::Request passed_on(const std::string& url, const Delivery& delivery);

/// 2xx: the target took it. Anything else, redirects included, is a failure, as with the API's own deliveries.
bool is_taken(const http::Outcome& outcome);
/// Where a 3xx leads (its Location); empty when it is none.
std::string_view redirect_of(const http::Response& response);
/// `answered 500`, `answered 301 to https://…`, or why there was no answer.
std::string account_of(const http::Outcome& outcome);

/// The wait before the next try: half a second, doubled each time, at most a minute. `failures` is 1 or more.
std::chrono::milliseconds retry_wait(int failures);

/// The sender waits 15 s for its answer. Connecting counts in the whole.
struct ForwardLimits {
  std::chrono::seconds connect{10};
  std::chrono::seconds whole{12};
};
inline constexpr ForwardLimits forward_limits{};
inline constexpr std::size_t most_forwarded_at_once = 64;

/// How long what is under way may still take once the listener is to end.
inline constexpr std::chrono::seconds farewell{10};
/// Only to have an end: whatever there is to do wakes who waits for it.
inline constexpr std::chrono::hours long_time{1};

}  // namespace bookafy::delivery
