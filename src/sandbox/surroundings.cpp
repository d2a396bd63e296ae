#include "sandbox/surroundings.hpp"

#include <fmt/format.h>

#include <random>

namespace bookafy::sandbox {

std::uint64_t Surroundings::draw() const {
  if (random) return random();
  // Nothing here is a secret, and the system's source would take longer than all the rest of a request.
  thread_local std::mt19937_64 engine = [] {
    std::random_device source;
    std::seed_seq seed{source(), source(), source(), source()};
    return std::mt19937_64(seed);
  }();
  return engine();
}

std::string uuid(std::uint64_t high, std::uint64_t low) {
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU, high & 0xfffU,
                     0x8000U | ((low >> 48U) & 0x3fffU), low & 0xffff'ffff'ffffU);
}

std::string uuid(const Surroundings& surroundings) {
  const std::uint64_t high = surroundings.draw();
  return uuid(high, surroundings.draw());
}

}  // namespace bookafy::sandbox
