#include "app/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "bookafy/error.hpp"
#include "bookafy/validation.hpp"
#include "profile/profile.hpp"
#include "system/file.hpp"

namespace bookafy::app {

bool resolve_color(const std::string& when, const system::Environment& environment, bool is_terminal) {
  if (when != "auto") return when == "always";
  if (environment.get("NO_COLOR")) return false;  // https://no-color.org
  if (auto force = environment.get("CLICOLOR_FORCE"); force && *force != "0") return true;
  return is_terminal && environment.get("TERM").value_or("dumb") != "dumb";
}

output::Layout resolve_layout(const cli::GlobalOptions& options, const system::Environment& environment,
                              bool output_is_terminal, int width) {
  output::Layout layout;
  if (options.output) {
    layout.format = *output::parse_format(*options.output);
  } else if (auto name = environment.get("BOOKAFY_OUTPUT")) {
    auto format = output::parse_format(*name);
    if (!format)
      throw Error(ErrorKind::usage, fmt::format("invalid value \"{}\" for BOOKAFY_OUTPUT; use {}", *name,
                                                fmt::join(output::format_names, ", ")));
    layout.format = *format;
  }
  layout.fields = options.fields;
  layout.color = resolve_color(options.color, environment, output_is_terminal);
  layout.width = output_is_terminal ? width : 0;
  return layout;
}

std::string resolve_profile_name(const cli::GlobalOptions& options, const system::Environment& environment) {
  if (options.profile) return *options.profile;
  return environment.get("BOOKAFY_PROFILE").value_or(profile::default_name);
}

std::string checked_api_url(std::string url, const std::string& source, bool allow_http) {
  const auto parsed = parse_url(url);
  if (!parsed || parsed->has_fragment || parsed->has_user_info || url.find('?') != std::string::npos)
    throw Error(ErrorKind::usage,
                fmt::format("{} {} is not the address of an API: https://HOST is expected", source, url));
  if (parsed->scheme == "http" && !is_loopback(parsed->host) && !allow_http) {
    Error error(
        ErrorKind::usage,
        fmt::format("{} {} is plain http to another machine: the token would be readable on the way", source, url));
    error.hint = "use https, or --allow-http if you must";
    throw error;
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string given_api_url(const cli::GlobalOptions& options, const system::Environment& environment) {
  if (options.api_url) return checked_api_url(*options.api_url, "--api-url", options.allow_http);
  if (auto url = environment.get("BOOKAFY_API_URL"))
    return checked_api_url(*url, "BOOKAFY_API_URL", options.allow_http);
  return {};
}

Token usable(Token token) {
  auto problem = system::encoding_problem(token.secret);
  if (problem.empty()) problem = token_problem(token.secret);
  if (problem.empty()) return token;
  throw Error(ErrorKind::unauthenticated, fmt::format("the token from {} {}", token.source, problem));
}

std::optional<Token> given_token(const cli::GlobalOptions& options, const system::Environment& environment,
                                 system::Input& input) {
  if (options.profile) return std::nullopt;  // the choice of the command line, before any of the environment
  const auto from_environment = environment.get("BOOKAFY_TOKEN_FILE");
  if (options.token_file || from_environment) {
    const std::string source = options.token_file ? "--token-file" : "BOOKAFY_TOKEN_FILE";
    const std::string path = options.token_file ? *options.token_file : *from_environment;
    return usable({system::read_secret(path, input, "the token file"), fmt::format("{} {}", source, path)});
  }
  // Set but empty is a mistake in a script, not a wish for the profile.
  const auto found = environment.all().find("BOOKAFY_TOKEN");
  if (found == environment.all().end()) return std::nullopt;
  return usable({Secret(found->second), "BOOKAFY_TOKEN"});
}

}  // namespace bookafy::app
