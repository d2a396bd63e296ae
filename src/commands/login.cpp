#include "commands/login.hpp"

#include <fmt/format.h>

#include "bookafy/validation.hpp"
#include "profile/profile.hpp"
#include "system/file.hpp"

namespace bookafy::commands {
namespace {

Secret given_token(const LoginArgs& args, Context& context) {
  if (args.token_file) return system::read_secret(*args.token_file, context.in, "the token file");
  if (context.ask) return Secret(context.ask("Access token (not shown): ", true));
  if (context.input_is_terminal)
    throw Error(ErrorKind::usage, "login may not prompt (--no-input): give the token on standard input");
  return system::to_secret(context.in.line().value_or(""));
}

Secret read_token(const LoginArgs& args, Context& context) {
  Secret token = given_token(args, context);
  auto problem = system::encoding_problem(token);
  if (problem.empty()) problem = token_problem(token);
  if (!problem.empty())
    throw Error(
        ErrorKind::unauthenticated,
        fmt::format("the token{} {}", args.token_file ? " from --token-file " + *args.token_file : "", problem));
  context.messages.add_secret(token);
  return token;
}

void warn_of_precedence(const Context& context) {
  const auto& variables = context.environment.all();
  for (const char* name : {"BOOKAFY_TOKEN_FILE", "BOOKAFY_TOKEN"})
    if (context.environment.get(name) || (name == std::string_view("BOOKAFY_TOKEN") && variables.contains(name)))
      context.messages.warning(
          fmt::format("{} is set and takes precedence over the stored login; unset it or pass "
                      "--profile {}",
                      name, context.profile));
}

}  // namespace

ExitStatus run(const LoginArgs& args, Context& context) {
  const profile::Profiles profiles(context.environment);
  profiles.check_writable(context.profile);
  const std::string api_url = context.api_url();
  const Secret token = read_token(args, context);
  const User me = context.client_for(token, "").me();
  profiles.save(context.profile, {.token = token, .api_url = api_url, .organization = me.organization, .user = me.uri});
  context.messages.note(
      fmt::format("logged in to {} as {} <{}>, profile {}", api_url, me.name, me.email, context.profile));
  warn_of_precedence(context);
  return 0;
}

ExitStatus run(const LogoutArgs&, Context& context) {
  const profile::Profiles profiles(context.environment);
  if (!profiles.remove(context.profile)) throw profiles.missing(context.profile);
  context.messages.note(
      fmt::format("logged out: profile {} is removed; the token itself stays valid until it is revoked at Bookafy",
                  context.profile));
  return 0;
}

}  // namespace bookafy::commands
