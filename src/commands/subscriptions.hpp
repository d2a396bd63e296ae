/// The subscriptions that the token can see, of one scope or of all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bookafy/client.hpp"
#include "commands/context.hpp"
#include "commands/owner.hpp"

namespace bookafy::commands {

/// The columns of a list of subscriptions.
std::vector<std::string> subscription_columns();

/// Asks for the parts side by side: the user's own, the organization's, and a group's when one is named.
class Subscriptions {
 public:
  /// Without a scope, a refusal of the organization's part is no error: only owners and admins may see it.
  Subscriptions(const OwnerArgs& args, std::optional<Scope> scope, int page_size, const std::string& sort,
                Context& context);

  /// nullopt after the last page of the last part.
  std::optional<std::vector<Value>> next_page();

 private:
  std::vector<Pages> parts_;
  std::size_t current_ = 0;
};

}  // namespace bookafy::commands
