#include "commands/sending.hpp"

#include <fmt/format.h>

#include "bookafy/validation.hpp"
#include "commands/signing_key.hpp"
#include "delivery/target.hpp"

namespace bookafy::commands {

void check_target(std::string_view option, const std::string& url) {
  if (const auto problem = callback_url_problem(url); !problem.empty())
    throw Error(ErrorKind::usage, fmt::format("{} {} {}", option, url, problem));
}

std::optional<Secret> sending_key(const std::string& file, Context& context) {
  if (!file.empty()) return read_signing_key(file, context);
  context.messages.warning("without --signing-key-file deliveries are sent unsigned");
  return std::nullopt;
}

std::optional<Error> sending_failure(const std::string& url, const http::Outcome& outcome) {
  if (delivery::is_taken(outcome)) return std::nullopt;
  const auto* response = std::get_if<http::Response>(&outcome);
  constexpr std::size_t enough = 200;
  Error error(response ? ErrorKind::server : ErrorKind::network,
              response ? response->body.substr(0, enough) : delivery::account_of(outcome));
  while (!error.message.empty() && error.message.back() == '\n') error.message.pop_back();
  error.attempted = fmt::format("the delivery was not taken by {}", url);
  if (response) error.status = response->status;
  return error;
}

}  // namespace bookafy::commands
