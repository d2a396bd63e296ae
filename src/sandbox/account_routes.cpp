#include <array>

#include "sandbox/call.hpp"

namespace bookafy::sandbox {
namespace {

using namespace std::string_view_literals;

Answer get_me(Call& call) { return resource(call.known(call.user).document); }

Answer get_user(Call& call) {
  const Value& user = call.target().document;
  if (call.path != call.user && !call.access.same_organization(call.user, call.path)) throw forbidden(text::no_access);
  return resource(user);
}

Answer get_organization(Call& call) {
  const Value& organization = call.target().document;
  if (!call.access.is_member(call.user, call.path)) throw forbidden(text::no_access);
  return resource(organization);
}

/// The user as an object, without the keys that the membership itself tells.
Value with_user(const Call& call, Value membership) {
  Value user = call.known(membership.text_at("user")).document;
  Value shown;
  for (std::string_view key : {"uri", "name", "slug", "email", "scheduling_url", "timezone", "avatar_url", "created_at",
                               "updated_at", "locale", "time_notation"})
    shown.set(key, *user.find(key));
  membership.set("user", std::move(shown));
  return membership;
}

void check_memberships_role(const Call& call, const std::string& organization, const std::string& user) {
  const Access& access = call.access;
  if (!organization.empty() && !access.is_member(call.user, organization)) throw forbidden(text::no_permission);
  if (user == call.user) return;
  const std::string common = organization.empty() ? access.organization_of_user(call.user) : organization;
  if (!user.empty() && !access.is_member(user, common)) throw forbidden(text::not_in_organization);
  if (!access.manages(call.user, common)) throw forbidden(text::no_permission);
}

Answer list_memberships(Call& call) {
  Fields fields(call.query);
  const auto organization = fields.reference("organization", ResourceKind::organization);
  const auto user = fields.reference("user", ResourceKind::user);
  const auto email = fields.text("email");
  const auto role = fields.one_of("role", std::array{"user"sv, "admin"sv, "owner"sv});
  if (!call.query.find("organization") && !call.query.find("user")) fields.complain("organization", "is missing");
  const ListParameters parameters = list_parameters(fields, call.list, "created_at", false);
  fields.check();
  if (organization) call.known(*organization);
  if (user) call.known(*user);
  check_memberships_role(call, organization.value_or(""), user.value_or(""));

  // By somebody else's user alone a manager sees only what is in the own organization.
  const bool own = user == call.user;
  const std::string within = organization.value_or(own ? std::string() : call.access.organization_of_user(call.user));
  auto rows = select(call.world.all("organization_memberships"), [&](const Value& row) {
    return (within.empty() || row.text_at("organization") == within) && (!user || row.text_at("user") == *user) &&
           (!role || row.text_at("role") == *role) &&
           (!email || call.known(row.text_at("user")).document.text_at("email") == *email);
  });
  Value list = page(rows, parameters, call.list);
  for (Value& row : *list.find("collection")->array()) row = with_user(call, std::move(row));
  return {200, std::move(list)};
}

Answer get_membership(Call& call) {
  const Value& membership = call.target().document;
  if (membership.text_at("user") != call.user && !call.access.manages(call.user, membership.text_at("organization")))
    throw forbidden(text::no_access);
  return resource(with_user(call, membership));
}

/// Owners and admins remove others; nobody removes an owner or oneself.
Answer remove_membership(Call& call) {
  const Value& membership = call.target().document;
  if (!call.access.manages(call.user, membership.text_at("organization"))) throw forbidden(text::no_access);
  if (membership.text_at("role") == "owner" || membership.text_at("user") == call.user)
    throw forbidden(text::no_permission);
  call.world.apply({{}, {call.path}});
  return {204, {}};
}

Answer list_groups(Call& call) {
  Fields fields(call.query);
  const auto organization = fields.reference("organization", ResourceKind::organization, Need::required);
  const ListParameters parameters = list_parameters(fields, call.list, "created_at", false);
  fields.check();
  call.known(*organization);
  if (!call.access.is_member(call.user, *organization)) throw forbidden(text::no_permission);
  auto rows =
      select(call.world.all("groups"), [&](const Value& row) { return row.text_at("organization") == *organization; });
  return {200, page(rows, parameters, call.list)};
}

Answer get_group(Call& call) {
  const Value& group = call.target().document;
  if (!call.access.is_member(call.user, group.text_at("organization"))) throw forbidden(text::no_access);
  return resource(group);
}

}  // namespace

std::span<const Route> account_routes() {
  static constexpr std::array routes{
      Route{"GET", "/users/me", "users:read", get_me},
      Route{"GET", "/users/*", "users:read", get_user},
      Route{"GET", "/organizations/*", "organizations:read", get_organization},
      Route{"GET", "/organization_memberships", "organizations:read", list_memberships},
      Route{"GET", "/organization_memberships/*", "organizations:read", get_membership},
      Route{"DELETE", "/organization_memberships/*", "organizations:write", remove_membership},
      Route{"GET", "/groups", "groups:read", list_groups},
      Route{"GET", "/groups/*", "groups:read", get_group},
  };
  return routes;
}

}  // namespace bookafy::sandbox
