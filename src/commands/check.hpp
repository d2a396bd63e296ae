#pragma once

#include <chrono>
#include <optional>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

struct CheckArgs {
  std::optional<Scope> scope;  ///< none: everything that the token can see
  Owner owner;
  std::chrono::milliseconds wait{0};  ///< how long to look again until nothing is found
  bool all_profiles = false;
};

/// Prints what is wrong with the subscriptions, one row a finding.
ExitStatus run(const CheckArgs& args, Context& context);

}  // namespace bookafy::commands
