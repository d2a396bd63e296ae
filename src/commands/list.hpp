#pragma once

#include <optional>
#include <string>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"
#include "commands/owner.hpp"
#include "commands/subscriptions.hpp"

namespace bookafy::commands {

struct ListArgs {
  std::optional<Scope> scope;  ///< none: everything that the token can see
  Owner owner;
  SubscriptionFilter filter;
  std::string sort;                ///< `created_at:asc`, `created_at:desc` or empty
  std::optional<long long> limit;  ///< 1 or more
  int page_size = 100;             ///< 1 to 100
};

/// Prints subscriptions, page by page as they arrive.
ExitStatus run(const ListArgs& args, Context& context);

}  // namespace bookafy::commands
