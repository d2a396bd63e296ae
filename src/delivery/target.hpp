/// Where deliveries are passed on to.
#pragma once

#include <chrono>
#include <string>

#include "bookafy/http.hpp"
#include "delivery/delivery.hpp"

namespace bookafy::delivery {

/// The same POST for another server: body and headers byte for byte, but for those that belong to one connection
/// (RFC 9110 section 7.6.1) and the Host.
http::Request passed_on(const std::string& url, const Delivery& delivery);

/// 2xx: the target took it. Anything else, redirects included, is a failure, as with the API's own deliveries.
bool is_taken(const http::Outcome& outcome);
/// `answered 500`, or why there was no answer.
std::string account_of(const http::Outcome& outcome);

/// The wait before the next try: half a second, doubled each time, at most a minute. `failures` is 1 or more.
std::chrono::milliseconds retry_wait(int failures);

/// How long what is under way may still take once the listener is to end.
inline constexpr std::chrono::seconds farewell{10};
/// Only to have an end: whatever there is to do wakes who waits for it.
inline constexpr std::chrono::hours long_time{1};

}  // namespace bookafy::delivery
