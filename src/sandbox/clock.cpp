#include "sandbox/clock.hpp"

#include <algorithm>

namespace bookafy::sandbox {
namespace {

/// Later the nanoseconds of std::chrono::system_clock would run out.
constexpr Timestamp end_of_time = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);

/// The last that was written by a clock of this world.
Timestamp last_written(const World& world) {
  Timestamp last{};
  for (const std::string_view collection : {"deliveries", "webhook_subscriptions"})
    for (const auto& [number, record] : world.all(collection))
      last = std::max(last, parse_timestamp(record.document.text_at("updated_at")).value_or(Timestamp{}));
  return last;
}

}  // namespace

Surroundings sandbox_time(const Surroundings& outside, int speed, const World& world) {
  const Timestamp start = outside.now();
  const Timestamp begin = std::max(start, last_written(world));
  if (speed == 1 && begin == start) return outside;
  Surroundings inside = outside;
  inside.clock_outside = outside.clock;
  inside.clock = [outside, start, begin, speed]() -> std::chrono::system_clock::time_point {
    return std::min(begin + (outside.now() - start) * speed, end_of_time);
  };
  return inside;
}

}  // namespace bookafy::sandbox
