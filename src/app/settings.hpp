/// What holds for this run: option, else environment, else profile, else default.
#pragma once

#include <optional>
#include <string>

#include "bookafy/secret.hpp"
#include "cli/invocation.hpp"
#include "output/format.hpp"
#include "system/environment.hpp"
#include "system/input.hpp"

namespace bookafy::app {

/// Throws Error (usage) for a variable with a bad value.
output::Layout resolve_layout(const cli::GlobalOptions& options, const system::Environment& environment,
                              bool output_is_terminal, int width);

/// `when` is what --color says; `is_terminal`, whether what is written goes to one.
bool resolve_color(const std::string& when, const system::Environment& environment, bool is_terminal);

/// The profile in force: --profile, else BOOKAFY_PROFILE, else `default`.
std::string resolve_profile_name(const cli::GlobalOptions& options, const system::Environment& environment);

/// --api-url or BOOKAFY_API_URL; empty when neither is given. Throws as `check_api_url`.
std::string given_api_url(const cli::GlobalOptions& options, const system::Environment& environment);

/// The address without a trailing slash. Throws Error (usage) unless it is https, http to this machine, or
/// `allow_http`; `source` says there where it came from.
std::string checked_api_url(std::string url, const std::string& source, bool allow_http);

struct Token {
  Secret secret;
  std::string source;  ///< in words: `BOOKAFY_TOKEN`
};

/// --token-file, BOOKAFY_TOKEN_FILE or BOOKAFY_TOKEN; nullopt when none is given, or --profile is. Throws Error:
/// unauthenticated when it cannot be a token, usage when the file cannot be read.
std::optional<Token> given_token(const cli::GlobalOptions& options, const system::Environment& environment,
                                 system::Input& input);

/// Throws Error (unauthenticated) when it cannot be a token.
Token usable(Token token);

}  // namespace bookafy::app
