#pragma once

#include "commands/context.hpp"

namespace bookafy::commands {

struct WhoamiArgs {};

/// Prints whose token it is, the role, and what it can subscribe to.
ExitStatus run(const WhoamiArgs& args, Context& context);

}  // namespace bookafy::commands
