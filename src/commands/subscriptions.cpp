#include "commands/subscriptions.hpp"

namespace bookafy::commands {

std::vector<std::string> subscription_columns() {
  return {"uri", "callback_url", "events", "scope", "state", "created_at"};
}

Subscriptions::Subscriptions(const OwnerArgs& args, std::optional<Scope> scope, int page_size, const std::string& sort,
                             Context& context) {
  const Owner owner = find_owner(args, scope, context);
  std::vector<Scope> scopes{Scope::user, Scope::organization};
  if (!owner.group.empty()) scopes.push_back(Scope::group);
  if (scope) scopes = {*scope};
  for (const Scope part : scopes)
    parts_.push_back(context.client().list({.scope = part,
                                            .organization = owner.organization,
                                            .user = part == Scope::user ? owner.user : "",
                                            .group = part == Scope::group ? owner.group : "",
                                            .page_size = page_size,
                                            .sort = sort,
                                            .refusal_is_empty = !scope && part == Scope::organization}));
}

std::optional<std::vector<Value>> Subscriptions::next_page() {
  for (; current_ < parts_.size(); ++current_)
    if (auto page = parts_[current_].next()) return page;
  return std::nullopt;
}

}  // namespace bookafy::commands
