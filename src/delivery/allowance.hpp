/// How much of what strangers cause is told: whoever reaches a listener could fill a disk with its log.
#pragma once

#include <chrono>
#include <cstddef>

namespace bookafy::delivery {

/// A hundred lines at once, and ten a second.
class Allowance {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Whether there may be a line now. One that may not is counted.
  bool take(Time now);
  /// Those that were counted since the last call.
  std::size_t untold();

 private:
  Time full_at_{};  ///< when all of it will be there again
  std::size_t untold_ = 0;
};

}  // namespace bookafy::delivery
