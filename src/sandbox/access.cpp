#include "sandbox/access.hpp"

#include <algorithm>

namespace bookafy::sandbox {
namespace {

bool holds(const Value& document, std::string_view key, std::string_view text) {
  const Value* member = document.find(key);
  const std::string* held = member ? member->string() : nullptr;
  return held && *held == text;
}

template <typename Test>
bool any_host(const Value& event, const Test& test) {
  const Value* memberships = event.find("event_memberships");
  const Value::Array* hosts = memberships ? memberships->array() : nullptr;
  return hosts && std::any_of(hosts->begin(), hosts->end(),
                              [&](const Value& membership) { return test(membership.text_at("user")); });
}

}  // namespace

std::string Access::role(std::string_view user, std::string_view organization) const {
  for (const auto& [number, record] : world_.all("organization_memberships"))
    if (holds(record.document, "user", user) && holds(record.document, "organization", organization))
      return record.document.text_at("role");
  return {};
}

bool Access::is_member(std::string_view user, std::string_view organization) const {
  return !role(user, organization).empty();
}

bool Access::manages(std::string_view user, std::string_view organization) const {
  const std::string held = role(user, organization);
  return held == "owner" || held == "admin";
}

bool Access::in_group(std::string_view user, std::string_view group) const {
  const auto& all = world_.all("group_relationships");
  return std::any_of(all.begin(), all.end(), [&](const auto& row) {
    return holds(row.second.document, "user", user) && holds(row.second.document, "group", group);
  });
}

bool Access::manages_group(std::string_view user, std::string_view group) const {
  if (manages(user, organization_of_group(group))) return true;
  const auto& all = world_.all("group_relationships");
  return std::any_of(all.begin(), all.end(), [&](const auto& row) {
    const Value& relationship = row.second.document;
    return holds(relationship, "user", user) && holds(relationship, "group", group) &&
           holds(relationship, "role", "admin");
  });
}

bool Access::same_organization(std::string_view user, std::string_view other) const {
  const std::string organization = organization_of_user(other);
  return !organization.empty() && is_member(user, organization) && is_member(other, organization);
}

std::string Access::organization_of_user(std::string_view user) const {
  const Record* record = world_.find(user);
  return record ? record->document.text_at("current_organization") : std::string();
}

std::string Access::organization_of_group(std::string_view group) const {
  const Record* record = world_.find(group);
  return record ? record->document.text_at("organization") : std::string();
}

bool Access::hosts(std::string_view user, const Value& event) const {
  return any_host(event, [&](const std::string& host) { return host == user; });
}

bool Access::hosted_in_group(const Value& event, std::string_view group) const {
  return any_host(event, [&](const std::string& host) { return in_group(host, group); });
}

std::string Access::organization_of_event(const Value& event) const {
  const Value* host = event.at_path("event_memberships.0");
  return host ? organization_of_user(host->text_at("user")) : std::string();
}

bool Access::sees_event(std::string_view user, const Value& event) const {
  if (changes_event(user, event)) return true;
  const auto& groups = world_.all("groups");
  return std::any_of(groups.begin(), groups.end(), [&](const auto& row) {
    const std::string group = row.second.document.text_at("uri");
    return manages_group(user, group) && hosted_in_group(event, group);
  });
}

bool Access::changes_event(std::string_view user, const Value& event) const {
  return hosts(user, event) || manages(user, organization_of_event(event));
}

bool Access::owns_subscription(std::string_view user, const Value& subscription) const {
  if (holds(subscription, "scope", "user")) return holds(subscription, "user", user);
  if (holds(subscription, "scope", "group")) return manages_group(user, subscription.text_at("group"));
  return manages(user, subscription.text_at("organization"));
}

}  // namespace bookafy::sandbox
