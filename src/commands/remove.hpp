#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

struct DeleteArgs {
  std::vector<std::string> subscriptions;  ///< ids or URIs; `-`: one a line on standard input
  bool ignore_missing = false;
};

/// Deletes subscriptions and prints the URI of each one deleted.
ExitStatus run(const DeleteArgs& args, Context& context);

}  // namespace bookafy::commands
