#include "api/diagnosis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "bookafy/event.hpp"
#include "bookafy/resource.hpp"

namespace bookafy {
namespace {

/// Every plan has webhooks; these events want a paid one.
bool wants_paid_plan(const std::string& event) {
  return event == "routing_form_submission.created" || event.starts_with("meeting_recap.");
}

std::string plan_hint(Client& client, const NewSubscription& wished) {
  const auto paid = std::find_if(wished.events.begin(), wished.events.end(), wants_paid_plan);
  const auto organization = parse_resource_of(ResourceKind::organization, wished.organization);
  if (paid == wished.events.end() || !organization) return {};
  const Value document = client.get(*organization);
  return fmt::format("{} wants a paid plan; this organization's plan is \"{}\"", *paid, document.text_at("plan"));
}

/// Empty when the caller is no stranger to the organization and, in scope user, the user in question.
std::string stranger_hint(const User& me, Scope scope, const std::string& organization, const std::string& user,
                          std::string_view verb) {
  if (!same_id(me.organization, organization))
    return fmt::format("the token's user belongs to another organization: {}", me.organization);
  if (scope == Scope::user && !same_id(me.uri, user))
    return fmt::format("a token can {} with --scope user for its own user only: {}", verb, me.uri);
  return {};
}

std::string role_hint(Client& client, const User& me, Scope scope, std::string_view verb) {
  if (scope == Scope::user || client.role(me) != "user") return {};
  return fmt::format(
      "the token belongs to a member (role \"user\") of this organization; members can {} with --scope user only",
      verb);
}

std::string forbidden_hint(Client& client, const NewSubscription& wished) {
  constexpr std::string_view verb = "subscribe";
  const User me = client.me();
  std::string hint = stranger_hint(me, wished.scope, wished.organization, wished.user, verb);
  if (hint.empty()) hint = role_hint(client, me, wished.scope, verb);
  return hint.empty() ? plan_hint(client, wished) : hint;
}

std::string bare_400_hint(const NewSubscription& wished) {
  std::set<std::string_view> scopes{"webhooks:write"};
  for (const std::string& name : wished.events)
    if (const Event* event = find_event(name)) scopes.insert(event->token_scope);
  return fmt::format("this often means a token without the scopes that the events want: {}", fmt::join(scopes, ", "));
}

}  // namespace

std::string refusal_hint(Client& client, const NewSubscription& wished, const Error& refusal) {
  if (!refusal.hint.empty() || refusal.title.empty()) return refusal.hint;
  if (refusal.status == 400 && refusal.details.empty()) return bare_400_hint(wished);
  if (refusal.status != 403) return {};
  try {
    return forbidden_hint(client, wished);
  } catch (const Error&) {
    return {};
  }
}

std::string list_refusal_hint(Client& client, const ListQuery& query, const Error& refusal) {
  constexpr std::string_view verb = "list";
  if (refusal.status != 403 || refusal.title.empty()) return {};
  try {
    const User me = client.me();
    std::string hint = stranger_hint(me, query.scope, query.organization, query.user, verb);
    return hint.empty() ? role_hint(client, me, query.scope, verb) : hint;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace bookafy
