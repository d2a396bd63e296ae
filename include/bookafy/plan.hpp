/// From the subscriptions that are wished and those that are there to what has to be done. Nothing is asked or sent.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/subscription.hpp"

namespace bookafy {

enum class Action { create, replace, keep, remove };

/// `create`, `replace`, `keep`, `delete`
std::string_view to_string(Action action);

struct Step {
  Action action = Action::keep;
  std::optional<std::size_t> wish{};    ///< which of the wished; none for a removal
  std::vector<Subscription> present{};  ///< what is there of it: kept, replaced or removed; empty for a create
  std::string reason{};                 ///< why it is replaced or removed; may hold strangers' text
};

struct PlanOptions {
  /// Remove what nobody wishes for, of the scopes and owners that the wishes speak of.
  bool prune = false;
  /// Callback URLs that the plan may speak of; all when empty.
  std::function<bool(std::string_view url)> only{};
};

/// A step for each wish in their order, then the removals in the order of `present`. What is there and equal is kept as
/// it is, its signing key included, which cannot be compared. `wished` holds no place twice.
std::vector<Step> plan(std::span<const NewSubscription> wished, std::span<const Subscription> present,
                       const PlanOptions& options);

}  // namespace bookafy
