/// Webhook subscriptions and what is needed to make one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/scope.hpp"
#include "bookafy/secret.hpp"
#include "bookafy/value.hpp"

namespace bookafy {

/// A subscription as the API answers it. Texts are the server's, unknown scopes and states included.
struct Subscription {
  std::string uri;
  std::string callback_url;
  std::vector<std::string> events;
  std::string scope;
  std::string state;
  std::string organization;
  std::string user;   ///< empty unless scope is `user`
  std::string group;  ///< empty unless scope is `group`
  std::string created_at;
  std::string retry_started_at;  ///< empty while deliveries succeed
  Value document;                ///< the whole object as it came

  bool active() const { return state == "active"; }
};

/// The URI of whom the subscription is for: its user, its group or its organization.
std::string_view owner(const Subscription& subscription);

/// The body of a create. URIs are full ones.
struct NewSubscription {
  std::string url{};
  std::vector<std::string> events{};  ///< without duplicates
  Scope scope = Scope::user;
  std::string organization{};
  std::string user{};
  std::string group{};
  std::optional<Secret> signing_key{};
};

/// The same scope and owner: their subscriptions live in one list of the API.
bool same_owner(const Subscription& present, const NewSubscription& wished);
/// The same callback URL (see `same_url`), scope and owner: what the API calls a conflict.
bool same_place(const Subscription& present, const NewSubscription& wished);
/// The same events, in any order.
bool same_events(const Subscription& present, const NewSubscription& wished);

}  // namespace bookafy
