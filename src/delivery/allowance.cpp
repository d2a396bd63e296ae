#include "delivery/allowance.hpp"

#include <algorithm>
#include <utility>

namespace bookafy::delivery {
namespace {

constexpr std::chrono::milliseconds for_one_line{100};
constexpr int most_at_once = 100;

}  // namespace

bool Allowance::take(Time now) {
  const Time full_then = std::max(full_at_, now) + for_one_line;
  if (full_then - now > most_at_once * for_one_line) {
    ++untold_;
    return false;
  }
  full_at_ = full_then;
  return true;
}

std::size_t Allowance::untold() { return std::exchange(untold_, 0); }

}  // namespace bookafy::delivery
