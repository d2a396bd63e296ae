#include "sandbox/clock.hpp"

#include <algorithm>

namespace bookafy::sandbox {
namespace {

/// Later the nanoseconds of std::chrono::system_clock would run out.
constexpr Instant end_of_time = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);

/// The last that was written by a clock of this world.
Instant last_written(const World& world) {
  Instant last{};
  for (const std::string_view collection : {"deliveries", "webhook_subscriptions"})
    for (const auto& [number, record] : world.all(collection))
      last = std::max(last, parse_instant(record.document.text_at("updated_at")).value_or(Instant{}));
  return last;
}

}  // namespace

Surroundings sandbox_time(const Surroundings& outside, int speed, const World& world) {
  const Instant start = outside.now();
  const Instant begin = std::max(start, last_written(world));
  if (speed == 1 && begin == start) return outside;
  Surroundings inside = outside;
  inside.clock_outside = outside.clock;
  inside.clock = [outside, start, begin, speed]() -> std::chrono::system_clock::time_point {
    return std::min(begin + (outside.now() - start) * speed, end_of_time);
  };
  return inside;
}

}  // namespace bookafy::sandbox
