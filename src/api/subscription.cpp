#include "bookafy/subscription.hpp"

#include <algorithm>

#include "bookafy/resource.hpp"
#include "bookafy/validation.hpp"

namespace bookafy {

std::string_view owner(const Subscription& subscription) {
  if (subscription.scope == to_string(Scope::user)) return subscription.user;
  if (subscription.scope == to_string(Scope::group)) return subscription.group;
  return subscription.organization;
}

bool same_owner(const Subscription& present, const NewSubscription& wished) {
  if (present.scope != to_string(wished.scope)) return false;
  if (!same_id(present.organization, wished.organization)) return false;
  return (wished.scope != Scope::user || same_id(present.user, wished.user)) &&
         (wished.scope != Scope::group || same_id(present.group, wished.group));
}

bool same_place(const Subscription& present, const NewSubscription& wished) {
  return same_url(present.callback_url, wished.url) && same_owner(present, wished);
}

bool same_events(const Subscription& present, const NewSubscription& wished) {
  auto sorted = [](std::vector<std::string> events) {
    std::sort(events.begin(), events.end());
    events.erase(std::unique(events.begin(), events.end()), events.end());
    return events;
  };
  return sorted(present.events) == sorted(wished.events);
}

}  // namespace bookafy
