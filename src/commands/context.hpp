/// What a command is given besides its arguments.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "bookafy/client.hpp"
#include "output/format.hpp"
#include "output/messages.hpp"
#include "output/writer.hpp"
#include "system/environment.hpp"
#include "system/input.hpp"

namespace bookafy::commands {

/// The exit status of the program.
using ExitStatus = int;

struct Context {
  output::Writer& out;
  output::Messages& messages;
  system::Input& in;
  const system::Environment& environment;
  output::Layout layout;
  /// Defaults from environment or profile: a URI or bare id, empty when there is none.
  std::string organization;
  std::string user;
  /// The API's address without a trailing slash. Throws Error (usage) when it is no good.
  std::function<const std::string&()> api_url;
  /// Where the token came from, in words: `BOOKAFY_TOKEN`. Throws as `client` does.
  std::function<std::string()> token_source;
  std::function<std::chrono::system_clock::time_point()> now;
  /// Whether a person reads the results as they come.
  bool output_is_terminal = false;
  /// Made at the first call. Throws Error (unauthenticated) when there is no usable token.
  std::function<Client&()> client;
};

}  // namespace bookafy::commands
