#pragma once

#include <optional>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

struct ExportArgs {
  std::optional<Scope> scope;  ///< none: everything that the token can see
  Owner owner;
};

/// Prints the subscriptions as a file for apply: YAML, or JSON with that format.
ExitStatus run(const ExportArgs& args, Context& context);

}  // namespace bookafy::commands
