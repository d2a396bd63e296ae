/// What a command is given besides its arguments.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bookafy/client.hpp"
#include "output/format.hpp"
#include "output/messages.hpp"
#include "output/writer.hpp"
#include "system/environment.hpp"
#include "system/input.hpp"
#include "system/wake.hpp"

namespace bookafy::commands {

/// The exit status of the program.
using ExitStatus = int;

/// Full URIs or bare ids; empty when not known.
struct Owner {
  std::string organization{};
  std::string user{};
  std::string group{};
};

/// What a transport keeps to instead of the user's --timeout and --connect-timeout.
struct TransportLimits {
  std::chrono::milliseconds connect{};
  std::chrono::milliseconds whole{};  ///< connecting included
  long connections = 8;               ///< per host
};

struct Context {
  output::Writer& out;
  output::Messages& messages;
  system::Input& in;
  const system::Environment& environment;
  output::Layout layout;
  /// What the layout says is for `out`; this is whether standard error is a terminal, too.
  bool errors_are_terminal = false;
  bool input_is_terminal = false;
  /// Set with --curl, when command lines are printed instead of requests sent: stands for any signing key.
  std::optional<Secret> key_for_curl;
  /// Defaults from environment or profile: a URI or bare id, empty when there is none.
  std::function<Owner()> default_owner;
  /// The API's address without a trailing slash. Throws Error (usage) when it is no good.
  std::function<const std::string&()> api_url;
  /// Where the token came from, in words: `BOOKAFY_TOKEN`. Throws as `client` does.
  std::function<std::string()> token_source;
  std::function<std::chrono::system_clock::time_point()> now;
  /// Whether a person reads the results as they come.
  bool output_is_terminal = false;
  /// Made at the first call. Throws Error (unauthenticated) when there is no usable token.
  std::function<Client&()> client;
  /// A client for another token than the configured one and, unless it is empty, for another API. It takes the place of
  /// the client before it.
  std::function<Client&(const Secret& token, const std::string& api_url)> client_for;
  /// Asks a person, and returns the line typed, which is not shown when `hidden`. Empty when there is no terminal to
  /// ask at, or --no-input forbids it.
  std::function<std::string(const std::string& question, bool hidden)> ask;
  std::string profile;  ///< the name in force
  /// For sending deliveries; the user's signals interrupt it.
  std::function<http::Transport&()> delivery_transport;
  /// A transport to the API for what must still be done after a signal: nothing interrupts it.
  std::function<std::unique_ptr<http::Transport>()> new_transport;
  /// Another one for sending deliveries from a thread. Its `wait` throws http::Interrupted after a call to the wake.
  std::function<std::unique_ptr<http::Transport>(const system::Wake& wake, const TransportLimits& limits)>
      new_delivery_transport;
  /// A client over a transport of the caller's. Throws as `client` does.
  std::function<Client(http::Transport&)> client_over;
  std::function<std::chrono::steady_clock::time_point()> steady_now = std::chrono::steady_clock::now;
};

}  // namespace bookafy::commands
