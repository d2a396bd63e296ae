/// Whether a request is tried again, and when: a pure decision.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "bookafy/client.hpp"
#include "bookafy/http.hpp"

namespace bookafy::net {

struct Decision {
  enum class Verdict {
    done,      ///< hand the outcome over: a success, or a failure that another try would not mend
    retry,     ///< try again after `wait`
    too_long,  ///< the server asks for a wait over the policy's maximum
  };
  Verdict verdict = Verdict::done;
  std::chrono::milliseconds wait{0};
  std::string why;  ///< `503`, `connection refused`, for the note that is shown while waiting
};

/// `tries` is the number made so far, this outcome's included (1 or more); `chance` is in [0, 1). Retried: GET and
/// DELETE on a lost connection, a timeout, 408, 429, 500, 502, 503 and 504; other methods only when nothing can have
/// happened: nothing was sent, or 429.
Decision decide(const http::Request& request, const http::Outcome& outcome, int tries, const RetryPolicy& policy,
                double chance, std::chrono::system_clock::time_point now);

/// The wait before another try when the server asks for none: exponential with full jitter, so that clients that failed
/// together do not come back together. At most 30 s.
std::chrono::milliseconds backoff(int tries, double chance);

/// The wait that `Retry-After` (seconds or an HTTP date, RFC 9110 section 10.2.3) or else `X-RateLimit-Reset`
/// (seconds) asks for; nullopt when neither exists or can be read. A date is measured from the response's `Date`, so
/// that a local clock that is off does not count; without one, from `now`. A date that has passed is zero.
std::optional<std::chrono::milliseconds> asked_wait(const http::Response& response,
                                                    std::chrono::system_clock::time_point now);

/// The three date forms of RFC 9110 section 5.6.7; what lies before 1970 or after 2100 becomes the nearest of these.
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text);

/// A header that is a whole number, digits only; nullopt otherwise. A number over 10^9 reads as 10^9, so that a wait
/// out of range is a long one.
std::optional<int> header_number(std::string_view text);

}  // namespace bookafy::net
