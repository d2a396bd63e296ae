/// The connection to the API, made when a command first asks for it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/settings.hpp"
#include "bookafy/client.hpp"
#include "bookafy/http.hpp"
#include "commands/context.hpp"
#include "net/curl_lines.hpp"
#include "net/engine.hpp"
#include "output/messages.hpp"
#include "profile/profile.hpp"

namespace bookafy::app {

/// Whether the profile in force must exist when the user named it.
enum class ProfileUse { existing, maybe_new };

class Session {
 public:
  /// `curl_lines`: where --curl prints to. `network`: a transport in place of the real one, or null.
  /// Throws Error: usage for --profile together with --token-file, unauthenticated when --profile names none.
  Session(const cli::GlobalOptions& options, const system::Environment& environment, system::Input& input,
          output::Messages& messages, output::Writer& curl_lines, http::Transport* network, Surroundings surroundings,
          ProfileUse profile_use);

  const std::string& profile_name() const { return profile_name_; }
  const std::string& api_url();
  const Token& token();
  /// From the environment, else from the profile when the token is the profile's.
  commands::Owner default_owner();
  Client& client();
  /// For the API of that address, or the configured one when it is empty.
  Client& client_for(const Secret& token, const std::string& other_api_url = {});
  http::Transport& transport();
  /// The same for sending deliveries, which are no requests to the API.
  http::Transport& delivery_transport();
  /// Another transport to the API with the same limits and trust, which nothing interrupts.
  std::unique_ptr<http::Transport> new_transport();
  /// Another one for deliveries, with the same trust. Its `wait` throws http::Interrupted after a call to the wake.
  std::unique_ptr<http::Transport> new_delivery_transport(const system::Wake& wake,
                                                          const commands::TransportLimits& limits);
  ClientOptions client_options() { return options_for(token().secret); }
  /// After the command: prints what --curl still holds back.
  void finish();

 private:
  /// The stored login, read once; nullopt when there is none. Throws Error (unauthenticated) when the user named it.
  const std::optional<profile::Profile>& stored();
  Token stored_token();
  std::unique_ptr<http::Transport> make_transport(net::Purpose purpose);
  ClientOptions options_for(const Secret& token, const std::string& other_api_url = {});

  const cli::GlobalOptions& options_;
  const system::Environment& environment_;
  system::Input& input_;
  output::Messages& messages_;
  output::Writer& curl_lines_;
  http::Transport* network_;
  Surroundings surroundings_;
  std::string profile_name_;
  ProfileUse profile_use_;
  std::optional<std::optional<profile::Profile>> stored_;
  std::string api_url_;
  std::optional<Token> token_;
  bool token_is_stored_ = false;
  std::unique_ptr<http::Transport> transport_;
  std::unique_ptr<http::Transport> delivery_transport_;
  net::CurlLines* lines_ = nullptr;  ///< the transport, with --curl
  std::optional<Client> client_;
};

}  // namespace bookafy::app
