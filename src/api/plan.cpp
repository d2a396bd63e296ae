#include "bookafy/plan.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "bookafy/validation.hpp"

namespace bookafy {
namespace {

/// ` +invitee.canceled -contact.created`
std::string difference(const Subscription& present, const NewSubscription& wished) {
  const std::set<std::string> before(present.events.begin(), present.events.end());
  const std::set<std::string> after(wished.events.begin(), wished.events.end());
  std::string text;
  for (const std::string& event : after)
    if (!before.contains(event)) text += " +" + event;
  for (const std::string& event : before)
    if (!after.contains(event)) text += " -" + event;
  return text;
}

std::string why_replaced(const Subscription& present, const NewSubscription& wished) {
  std::string reason;
  if (!present.active()) reason = "its state is " + present.state;
  if (!same_events(present, wished))
    reason += (reason.empty() ? "" : "; ") + std::string("events differ:") + difference(present, wished);
  return reason;
}

std::string why_removed(const Subscription& present) {
  return present.active() ? "not wished for" : "not wished for; its state is " + present.state;
}

/// What is there in one wished place. The API allows one subscription a place; should it hold more, an equal one is
/// enough, and the others are removed with what nobody wishes for.
Step step_for(std::size_t wish, const NewSubscription& wished, std::vector<Subscription> there) {
  if (there.empty()) return {.action = Action::create, .wish = wish};
  const auto equal = std::find_if(there.begin(), there.end(),
                                  [&](const Subscription& one) { return one.active() && same_events(one, wished); });
  if (equal != there.end()) return {.action = Action::keep, .wish = wish, .present = {std::move(*equal)}};
  std::string reason = why_replaced(there.front(), wished);
  return {.action = Action::replace, .wish = wish, .present = std::move(there), .reason = std::move(reason)};
}

/// One wish of each scope and owner.
std::vector<const NewSubscription*> owners_of(std::span<const NewSubscription> wished) {
  std::vector<const NewSubscription*> owners;
  for (const NewSubscription& one : wished) {
    const bool known = std::any_of(owners.begin(), owners.end(), [&](const NewSubscription* other) {
      return other->scope == one.scope && other->organization == one.organization && other->user == one.user &&
             other->group == one.group;
    });
    if (!known) owners.push_back(&one);
  }
  return owners;
}

}  // namespace

std::string_view to_string(Action action) {
  switch (action) {
    case Action::create: return "create";
    case Action::replace: return "replace";
    case Action::keep: return "keep";
    case Action::remove: return "delete";
  }
  return "";
}

std::vector<Step> plan(std::span<const NewSubscription> wished, std::span<const Subscription> present,
                       const PlanOptions& options) {
  std::unordered_multimap<std::string, const Subscription*> by_url;
  for (const Subscription& one : present) by_url.emplace(normalized_url(one.callback_url), &one);
  auto is_meant = [&](std::string_view url) { return !options.only || options.only(url); };

  std::vector<Step> steps;
  for (std::size_t wish = 0; wish < wished.size(); ++wish) {
    if (!is_meant(wished[wish].url)) continue;
    std::vector<Subscription> there;
    const auto [first, last] = by_url.equal_range(normalized_url(wished[wish].url));
    for (auto one = first; one != last; ++one)
      if (same_owner(*one->second, wished[wish])) there.push_back(*one->second);
    // The map has no order of its own; the plan of one state is always the same.
    std::sort(there.begin(), there.end(), [](const auto& a, const auto& b) { return a.uri < b.uri; });
    steps.push_back(step_for(wish, wished[wish], std::move(there)));
  }
  if (!options.prune) return steps;

  std::set<std::string> kept;
  for (const Step& step : steps)
    for (const Subscription& one : step.present) kept.insert(one.uri);
  const auto owners = owners_of(wished);
  for (const Subscription& one : present) {
    const bool spoken_of = std::any_of(owners.begin(), owners.end(),
                                       [&](const NewSubscription* owner) { return same_owner(one, *owner); });
    if (spoken_of && is_meant(one.callback_url) && !kept.contains(one.uri))
      steps.push_back({.action = Action::remove, .present = {one}, .reason = why_removed(one)});
  }
  return steps;
}

}  // namespace bookafy
