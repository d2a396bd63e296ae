/// Child processes.
#pragma once

#include <string>
#include <vector>

#include "system/environment.hpp"

namespace bookafy::system {

/// Runs a command (found by PATH) with our standard streams and that environment, and returns its exit status: 128 and
/// the signal's number when one ended it. A SIGTERM or SIGINT sent to us is passed on; one typed at the terminal
/// reaches the child anyway. Throws Error (usage) when it cannot be run.
int run_child(const std::vector<std::string>& command, const Environment& environment);

}  // namespace bookafy::system
