/// Invented people who book.
#pragma once

#include <string>

#include "sandbox/surroundings.hpp"

namespace bookafy::sandbox {

struct Guest {
  std::string name;
  std::string email;
  std::string timezone;
  std::string answer;  ///< to "What shall we talk about?"
};

/// Somebody from somewhere: names in several scripts, written as their bearers do.
Guest draw_guest(const Surroundings& surroundings);

/// 0 to `count` - 1, all equally likely.
std::size_t draw_index(const Surroundings& surroundings, std::size_t count);

}  // namespace bookafy::sandbox
