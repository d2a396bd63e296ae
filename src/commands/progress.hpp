/// How far a long command is, on a terminal.
#pragma once

#include <chrono>
#include <cstddef>

#include "commands/context.hpp"

namespace bookafy::commands {

/// Shows nothing in the first second.
class Progress {
 public:
  /// `total`: how many steps there will be; 0: not known.
  Progress(Context& context, std::size_t total);

  void step();
  void clear();

 private:
  Context& context_;
  std::size_t total_;
  std::size_t done_ = 0;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace bookafy::commands
