/// The sandbox's own time.
#pragma once

#include "sandbox/surroundings.hpp"
#include "sandbox/world.hpp"

namespace bookafy::sandbox {

/// The fastest a sandbox's clock may run.
inline constexpr int most_clock_speed = 1'000'000;

/// Surroundings whose clock runs `speed` times as fast as the given one from now on, and that know the given one as the
/// clock outside. It begins where the world's deliveries and subscriptions left off, if that is ahead, and ends with
/// the year 2200, which the highest speed reaches in an hour and a half.
Surroundings sandbox_time(const Surroundings& outside, int speed, const World& world);

}  // namespace bookafy::sandbox
