#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

struct SandboxArgs {
  std::string bind;                  ///< `ADDRESS:PORT`; empty: port 8025, or any free one with a command
  std::string data_file;             ///< empty: in memory
  int rate_limit = 500;              ///< requests a user and minute
  int latency = 0;                   ///< milliseconds added to every answer
  int clock_speed = 1;               ///< how fast the sandbox's clock runs
  std::vector<std::string> command;  ///< run inside, instead of serving until interrupted
};

/// Serves the API on this machine.
ExitStatus run(const SandboxArgs& args, Context& context);

}  // namespace bookafy::commands
