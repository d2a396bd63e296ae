/// Who may see and do what: the role rules of the API.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/tokens.hpp"
#include "sandbox/world.hpp"

namespace bookafy::sandbox {

/// The answers to "may this user …". Users, organizations and groups are paths; nothing is copied.
class Access {
 public:
  explicit Access(const World& world) : world_(world) {}

  /// `owner`, `admin`, `user`; empty for who is no member.
  std::string role(std::string_view user, std::string_view organization) const;
  bool is_member(std::string_view user, std::string_view organization) const;
  /// Owner or admin.
  bool manages(std::string_view user, std::string_view organization) const;
  bool in_group(std::string_view user, std::string_view group) const;
  /// Owner or admin of the group's organization, or admin of the group itself.
  bool manages_group(std::string_view user, std::string_view group) const;
  bool same_organization(std::string_view user, std::string_view other) const;

  std::string organization_of_user(std::string_view user) const;
  std::string organization_of_group(std::string_view group) const;

  /// A host of the scheduled event.
  bool hosts(std::string_view user, const Value& event) const;
  bool hosted_in_group(const Value& event, std::string_view group) const;
  /// Its hosts' organization.
  std::string organization_of_event(const Value& event) const;
  /// Hosts, owners and admins, and admins of a host's group.
  bool sees_event(std::string_view user, const Value& event) const;
  /// Hosts, owners and admins.
  bool changes_event(std::string_view user, const Value& event) const;
  /// By its scope: the organization's owners and admins, who manages its group, or its user alone.
  bool owns_subscription(std::string_view user, const Value& subscription) const;

 private:
  const World& world_;
};

}  // namespace bookafy::sandbox
