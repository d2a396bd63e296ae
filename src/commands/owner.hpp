/// Whose subscriptions a command speaks of: from options, defaults, or one look at the token's user.
#pragma once

#include <optional>
#include <string>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

/// Throws Error (usage) for an option that the scope does not take, a missing group, or a text that names none of
/// these.
void check_owner(const Owner& args, std::optional<Scope> scope);

/// Full URIs of what the scope needs: options first, then defaults, then one GET /users/me. Without a scope: what all
/// need.
Owner find_owner(const Owner& args, std::optional<Scope> scope, Context& context);

}  // namespace bookafy::commands
