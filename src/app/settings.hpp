/// What holds for this run: option, else environment, else default.
#pragma once

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

/// The API's address without a trailing slash. Throws Error (usage) unless it is https, http to this machine, or
/// --allow-http was given.
std::string resolve_api_url(const cli::GlobalOptions& options, const system::Environment& environment);

struct Token {
  Secret secret;
  std::string source;  ///< in words: `BOOKAFY_TOKEN`
};

/// --token-file, BOOKAFY_TOKEN_FILE, BOOKAFY_TOKEN. Throws Error: unauthenticated when there is none or it cannot be
/// one, usage when the file cannot be read.
Token resolve_token(const cli::GlobalOptions& options, const system::Environment& environment, system::Input& input);

}  // namespace bookafy::app
