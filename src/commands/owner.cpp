#include "commands/owner.hpp"

#include <fmt/format.h>

#include "bookafy/resource.hpp"

namespace bookafy::commands {
namespace {

void check_option(ResourceKind kind, const std::string& source, const std::string& text) {
  if (text.empty()) return;
  const auto resource = parse_resource_of(kind, text);
  if (!resource || resource->id == "me")
    throw Error(ErrorKind::usage, fmt::format("{} {} is not the URI or id of one {}", source, text, to_string(kind)));
}

/// A full URI stays as given: behind a proxy the API's own URIs have another host than --api-url.
std::string full_uri(ResourceKind kind, const std::string& text, const std::string& source, Context& context) {
  if (text.empty()) return {};
  check_option(kind, source, text);
  const auto resource = *parse_resource_of(kind, text);
  return resource.host.empty() ? context.api_url() + resource.path() : text;
}

User token_user(Context& context) {
  std::optional<User> me;
  auto failure = error_of([&] { me = context.client().me(); });
  if (!failure) return *std::move(me);
  if (!failure->required_scopes.empty())
    failure->hint = "give --organization and --user, or use a token that also has the scope users:read";
  throw Error(*failure);
}

}  // namespace

void check_owner(const Owner& args, std::optional<Scope> scope) {
  check_option(ResourceKind::organization, "--organization", args.organization);
  check_option(ResourceKind::user, "--user", args.user);
  check_option(ResourceKind::group, "--group", args.group);
  if (!scope) return;
  if (!args.user.empty() && *scope != Scope::user)
    throw Error(ErrorKind::usage, fmt::format("--user does not go with --scope {}", to_string(*scope)));
  if (!args.group.empty() && *scope != Scope::group)
    throw Error(ErrorKind::usage, fmt::format("--group does not go with --scope {}", to_string(*scope)));
  if (args.group.empty() && *scope == Scope::group) throw Error(ErrorKind::usage, "--scope group needs --group");
}

Owner find_owner(const Owner& args, std::optional<Scope> scope, Context& context) {
  auto pick = [&](ResourceKind kind, const std::string& given, const std::string& fallback, const char* variable) {
    return full_uri(kind, given.empty() ? fallback : given, variable, context);
  };
  const bool wants_user = !scope || *scope == Scope::user;
  Owner defaults;
  if (args.organization.empty() || (wants_user && args.user.empty())) defaults = context.default_owner();
  Owner owner;
  owner.organization =
      pick(ResourceKind::organization, args.organization, defaults.organization, "BOOKAFY_ORGANIZATION");
  if (wants_user) owner.user = pick(ResourceKind::user, args.user, defaults.user, "BOOKAFY_USER");
  owner.group = pick(ResourceKind::group, args.group, "", "--group");
  if (owner.organization.empty() || (wants_user && owner.user.empty())) {
    const User me = token_user(context);
    if (owner.organization.empty()) owner.organization = me.organization;
    if (wants_user && owner.user.empty()) owner.user = me.uri;
  }
  return owner;
}

}  // namespace bookafy::commands
