/// Time and chance as the sandbox sees them, so that tests own both.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "bookafy/client.hpp"
#include "bookafy/timestamp.hpp"

namespace bookafy::sandbox {

struct Surroundings {
  std::function<std::chrono::system_clock::time_point()> clock = bookafy::Surroundings().wall_now;
  std::function<std::uint64_t()> random;  ///< 64 even bits; an engine of our own when empty

  /// The clock of the people outside, where it differs from the sandbox's own.
  std::function<std::chrono::system_clock::time_point()> clock_outside = {};

  Timestamp now() const { return std::chrono::floor<std::chrono::microseconds>(clock()); }
  Timestamp now_outside() const {
    return clock_outside ? std::chrono::floor<std::chrono::microseconds>(clock_outside()) : now();
  }
  std::uint64_t draw() const;
};

/// A version 4 UUID (RFC 9562) of these 128 bits.
std::string uuid(std::uint64_t high, std::uint64_t low);
std::string uuid(const Surroundings& surroundings);

}  // namespace bookafy::sandbox
