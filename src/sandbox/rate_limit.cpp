#include "sandbox/rate_limit.hpp"

#include <algorithm>

namespace bookafy::sandbox {

RateLimit::Verdict RateLimit::count(const std::string& user, bool free, Timestamp now) {
  constexpr std::chrono::minutes length{1};
  Window& window = windows_[user];
  // A clock set back must not lock a user out until it has caught up.
  if (now >= window.begin + length || now < window.begin) window = {now, 0};
  Verdict verdict;
  verdict.limit = free ? std::max(1, limit_ / 10) : limit_;
  verdict.allowed = window.used < verdict.limit;
  if (verdict.allowed) ++window.used;
  verdict.remaining = verdict.limit - window.used;
  verdict.reset = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(window.begin + length - now).count());
  return verdict;
}

}  // namespace bookafy::sandbox
