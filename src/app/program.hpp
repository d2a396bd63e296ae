/// One run of the program, from arguments to exit status.
#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"
#include "output/writer.hpp"
#include "system/environment.hpp"
#include "system/input.hpp"

namespace bookafy::app {

/// The process as the program sees it; tests bring their own.
struct Process {
  output::Writer& out;
  output::Writer& err;
  system::Input& in;
  system::Environment environment;
  bool input_is_terminal = false;
  bool output_is_terminal = false;
  bool errors_are_terminal = false;
  int width = 0;                         ///< columns of the terminal; 0: unknown
  http::Transport* transport = nullptr;  ///< in place of the network; null: the network
  Surroundings surroundings{};           ///< time and chance
};

/// Never throws: every failure is reported on `err` and is in the status.
commands::ExitStatus run(std::vector<std::string> arguments, Process process);

}  // namespace bookafy::app
