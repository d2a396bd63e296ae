#pragma once

#include "commands/context.hpp"

namespace bookafy::commands {

struct LoginArgs {};
struct LogoutArgs {};

/// Proves a token and stores it as a profile.
ExitStatus run(const LoginArgs& args, Context& context);
/// Removes the profile.
ExitStatus run(const LogoutArgs& args, Context& context);

}  // namespace bookafy::commands
