/// Child processes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "system/environment.hpp"

namespace bookafy::system {

/// Secrets are in memory: no core dump, and no look into this process by others of the same user. Children are as
/// usual.
void forbid_core_dumps();

/// Where a standard stream was closed before we started, puts one that cannot be used: what is opened next must not
/// become our standard output.
void fill_standard_streams();

/// Runs a command (found by PATH) with our standard streams and that environment, and returns its exit status: 128 and
/// the signal's number when one ended it. A SIGTERM or SIGINT sent to us is passed on; one typed at the terminal
/// reaches the child anyway. Throws Error (usage) when it cannot be run.
int run_child(const std::vector<std::string>& command, const Environment& environment);

/// Runs a line of shell with `input` on its standard input and our standard error for everything it says; other
/// descriptors of ours are closed to it. Returns its exit status as `run_child` does. Any thread. Throws Error
/// (internal) when it cannot be run.
int run_shell(const std::string& line, const Environment& environment, std::string_view input);

}  // namespace bookafy::system
