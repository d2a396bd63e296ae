#include "commands/login.hpp"

#include <fmt/format.h>

#include "bookafy/validation.hpp"
#include "profile/profile.hpp"

namespace bookafy::commands {
namespace {

Secret read_token(Context& context) {
  Secret token(context.ask ? context.ask("Access token (not shown): ", true) : context.in.line().value_or(""));
  if (const auto problem = token_problem(token); !problem.empty())
    throw Error(ErrorKind::unauthenticated, fmt::format("the token {}", problem));
  context.messages.add_secret(token);
  return token;
}

}  // namespace

ExitStatus run(const LoginArgs&, Context& context) {
  if (!context.ask && context.input_is_terminal)
    throw Error(ErrorKind::usage, "login may not prompt (--no-input): give the token on standard input");
  const std::string api_url = context.api_url();
  const Secret token = read_token(context);
  const User me = context.client_for(token, "").me();
  profile::Profiles(context.environment)
      .save(context.profile, {.token = token, .api_url = api_url, .organization = me.organization, .user = me.uri});
  context.messages.note(
      fmt::format("logged in to {} as {} <{}>, profile {}", api_url, me.name, me.email, context.profile));
  return 0;
}

ExitStatus run(const LogoutArgs&, Context& context) {
  const bool removed = profile::Profiles(context.environment).remove(context.profile);
  context.messages.note(removed
                            ? fmt::format("logged out: profile {} is removed; the token itself stays valid until it is "
                                          "revoked at Bookafy",
                                          context.profile)
                            : fmt::format("there is no profile {}", context.profile));
  return 0;
}

}  // namespace bookafy::commands
