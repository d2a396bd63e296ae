/// Requests as the curl command lines that would send them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/http.hpp"

namespace bookafy::net {

/// A transport that sends nothing: it prints each request and answers as if all had gone well and nothing had been
/// found. What a later request takes from the answer to `GET /users/me` becomes a shell variable, filled by jq.
class CurlLines final : public http::Transport {
 public:
  /// `print` gets whole lines; `options` are curl's for every line, ready for the shell. The token is shown as
  /// `$BOOKAFY_TOKEN`.
  CurlLines(std::function<void(const std::string&)> print, std::string options);

  void start(std::uint64_t id, http::Request request) override;
  std::vector<http::Completed> wait(Deadline until) override;
  /// Prints what was held back because a later request might have needed its answer.
  void finish();

  /// Stands for a signing key in a body, and becomes `$BOOKAFY_SIGNING_KEY`.
  static constexpr const char* signing_key = "bookafy-shell-signing-key";

 private:
  std::string command(const http::Request& request) const;

  std::function<void(const std::string&)> print_;
  std::string options_;
  std::optional<http::Request> held_back_;  ///< GET /users/me
  std::vector<http::Completed> finished_;
};

/// A text as one word of a POSIX shell.
std::string shell_quoted(std::string_view text);

}  // namespace bookafy::net
