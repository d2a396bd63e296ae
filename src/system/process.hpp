/// Child processes. They get the signal actions, signal mask and descriptor limit with which this process was started.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/environment.hpp"
#include "system/wake.hpp"

namespace bookafy::system {

/// Secrets are in memory: no core dump, and no look into this process by others of the same user. Children are as
/// usual.
void forbid_core_dumps();

/// Where a standard stream was closed before we started, puts one that cannot be used: what is opened next must not
/// become our standard output.
void fill_standard_streams();

/// Runs a command (found by PATH) with our standard streams and that environment, and returns its exit status: 128 and
/// the signal's number when one ended it. SIGINT, SIGTERM and SIGHUP are forwarded to it, unless the terminal has sent
/// them to it already. It gets SIGTERM when `stop_descriptor` becomes readable; -1: none. Throws Error (usage) when it
/// cannot be run, http::Interrupted when a request to stop came before.
int run_child(const std::vector<std::string>& command, const Environment& environment, int stop_descriptor = -1);

/// Runs a line of shell with `input` on its standard input and our standard error for everything it says; other
/// descriptors of ours are closed to it. It is a process group of its own, which no Ctrl-C reaches. Returns its exit
/// status as `run_child` does; nullopt when it has not ended within the limit or before a call to `stop`, which is not
/// taken: then its group gets SIGTERM, and after two seconds SIGKILL. Any thread. Throws Error (internal) when it
/// cannot be run.
std::optional<int> run_shell(const std::string& line, const Environment& environment, std::string_view input,
                             std::chrono::milliseconds limit, const Wake& stop);

}  // namespace bookafy::system
