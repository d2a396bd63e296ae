/// The webhook events of the API and the rules that hang on them. The one table behind validation, help, completion
/// and the sandbox.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/scope.hpp"

namespace bookafy {

struct Event {
  std::string_view name;
  std::span<const Scope> scopes;  ///< the subscription scopes that allow it
  std::string_view token_scope;   ///< what the token needs besides `webhooks:write`
  std::string_view summary;       ///< when it is sent
};

/// Every event the API documents, the three main ones first.
std::span<const Event> known_events();
/// nullptr for a name that is not known; the API's list grows, so that is not proof of a mistake.
const Event* find_event(std::string_view name);
bool allows(const Event& event, Scope scope);
/// `organization`, `organization or user`, … for messages.
std::string scopes_text(const Event& event);

/// The candidate nearest to a mistyped word, or an empty text when none is near enough to be meant.
std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace bookafy
