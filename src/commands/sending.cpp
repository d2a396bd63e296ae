#include "commands/sending.hpp"

#include <fmt/format.h>

#include "bookafy/validation.hpp"
#include "commands/signing_key.hpp"
#include "delivery/target.hpp"

namespace bookafy::commands {
namespace {

/// The redirect, or the beginning of the body unless it is compressed.
std::string reason_of_refusal(const http::Response& response) {
  constexpr std::size_t enough = 200;
  if (const auto location = delivery::redirect_of(response); !location.empty())
    return fmt::format("redirects to {}, which is not followed", location);
  if (!http::header(response.headers, "Content-Encoding").empty()) return {};
  std::string text = response.body.substr(0, enough);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

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
  Error error(response ? ErrorKind::server : ErrorKind::network,
              response ? reason_of_refusal(*response) : delivery::account_of(outcome));
  error.attempted = fmt::format("the delivery was not taken by {}", url);
  if (response) error.status = response->status;
  return error;
}

}  // namespace bookafy::commands
