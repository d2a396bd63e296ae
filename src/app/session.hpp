/// The connection to the API, made when a command first asks for it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/settings.hpp"
#include "bookafy/client.hpp"
#include "bookafy/http.hpp"
#include "output/messages.hpp"

namespace bookafy::app {

class Session {
 public:
  Session(const cli::GlobalOptions& options, const system::Environment& environment, system::Input& input,
          output::Messages& messages);

  const std::string& api_url();
  const Token& token();
  Client& client();

 private:
  const cli::GlobalOptions& options_;
  const system::Environment& environment_;
  system::Input& input_;
  output::Messages& messages_;
  std::optional<std::string> api_url_;
  std::optional<Token> token_;
  std::unique_ptr<http::Transport> transport_;
  std::optional<Client> client_;
};

}  // namespace bookafy::app
