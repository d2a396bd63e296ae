#pragma once

#include <optional>
#include <string>

#include "commands/context.hpp"

namespace bookafy::commands {

struct LoginArgs {
  std::optional<std::string> token_file{};  ///< `-` is standard input; none: ask, or read a line of standard input
};
struct LogoutArgs {};

/// Verifies a token and stores it as a profile.
ExitStatus run(const LoginArgs& args, Context& context);
/// Removes the profile. Throws Error (unauthenticated) when there is none.
ExitStatus run(const LogoutArgs& args, Context& context);

}  // namespace bookafy::commands
