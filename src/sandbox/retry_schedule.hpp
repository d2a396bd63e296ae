/// When a delivery that failed is tried again, in the time of the sandbox's clock.
#pragma once

#include <algorithm>
#include <chrono>

#include "bookafy/timestamp.hpp"

namespace bookafy::sandbox {

/// Counted from the first failure: after it a delivery is given up, and a subscription that had no success since is
/// disabled.
inline constexpr std::chrono::hours retry_period{24};
inline constexpr std::chrono::minutes first_retry_wait{1};
inline constexpr std::chrono::hours longest_retry_wait{4};

/// The wait doubles with every failure from one minute up to four hours: tries come after 1, 2, 4, 8, 16, 32, 64, 128
/// and 240 minutes, then every four hours, and the last one 24 hours after the first failure.
inline Timestamp next_attempt(int failures, Timestamp first_failure, Timestamp last_failure) {
  constexpr int most_doublings = 8;
  const std::chrono::minutes doubled = first_retry_wait * (1 << std::clamp(failures - 1, 0, most_doublings));
  return std::min(last_failure + std::min<std::chrono::minutes>(doubled, longest_retry_wait),
                  first_failure + retry_period);
}

}  // namespace bookafy::sandbox
