#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"
#include "commands/subscriptions.hpp"

namespace bookafy::commands {

/// Either names, or a filter.
struct DeleteArgs {
  std::vector<std::string> subscriptions;  ///< ids or URIs; `-`: one a line on standard input
  SubscriptionFilter filter;
  std::optional<Scope> scope;  ///< counts as a filter
  Owner owner;
  bool all = false;
  bool yes = false;
  bool ignore_missing = false;
  bool dry_run = false;
  int jobs = 0;  ///< requests in flight at most; 0: the default
};

/// Deletes subscriptions and prints the URI of each one deleted.
ExitStatus run(const DeleteArgs& args, Context& context);

}  // namespace bookafy::commands
