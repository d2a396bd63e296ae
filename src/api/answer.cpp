#include "api/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <chrono>

#include "api/codec.hpp"

namespace bookafy {
namespace {

constexpr std::size_t longest_type = 80;
constexpr std::size_t longest_text = 2000;
constexpr std::size_t most_details = 100;

Error attempted_error(ErrorKind kind, std::string_view attempted, const std::string& message) {
  Error error(kind, message);
  error.attempted = attempted;
  return error;
}

/// The API's texts are a line or two; more is somebody's page or an attack on the terminal's history.
std::string shortened(std::string text) {
  if (text.size() <= longest_text) return text;
  // Between words: half a token, echoed by a server, would not be known for one and not be masked.
  const auto blank = text.find_last_of(" \t\r\n", longest_text);
  return text.substr(0, blank == std::string::npos ? 0 : blank) + "...";
}

std::string request_id(const http::Response& response) {
  return shortened(std::string(http::header(response.headers, "x-request-id")));
}

std::string_view content_type(const http::Response& response) { return http::header(response.headers, "content-type"); }

/// Letter case ignored (RFC 9110 section 8.3.1).
bool is_of_type(const http::Response& response, std::string_view part) {
  const std::string_view type = content_type(response);
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == b; };
  return std::search(type.begin(), type.end(), part.begin(), part.end(), same) != type.end();
}

bool is_json(const http::Response& response) { return is_of_type(response, "json"); }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// What stands there instead of JSON, named and never quoted: a page may be long and may be hostile.
std::string describe_body(const http::Response& response) {
  const std::string_view type = content_type(response);
  if (is_blank(response.body)) return "an empty answer";
  if (is_of_type(response, "html") || response.body[response.body.find_first_not_of(" \t\r\n")] == '<')
    return "an HTML page instead of the API's JSON";
  if (type.empty()) return "an answer without a content type";
  if (is_json(response)) return "an answer that is not valid JSON";
  if (type.size() > longest_type) return "an answer of an endless type";
  return fmt::format("an answer of type {} instead of the API's JSON", type);
}

std::vector<ErrorDetail> read_details(const Value& body) {
  std::vector<ErrorDetail> details;
  const Value* list = body.find("details");
  if (!list || !list->array()) return details;
  for (const Value& one : *list->array()) {
    if (details.size() == most_details) break;
    details.push_back(
        {shortened(one.text_at("parameter")), shortened(one.text_at("message")), shortened(one.text_at("code"))});
  }
  return details;
}

std::vector<std::string> read_texts(const Value* list) {
  std::vector<std::string> texts;
  if (!list || !list->array()) return texts;
  for (const Value& one : *list->array())
    if (const auto* text = one.string(); text && texts.size() < most_details) texts.push_back(shortened(*text));
  return texts;
}

void read_error_body(const http::Response& response, Error& error) {
  try {
    const Value body = codec::decode(response.body);
    error.title = shortened(body.text_at("title"));
    error.message = shortened(body.text_at("message"));
    error.details = read_details(body);
    error.required_scopes = read_texts(body.find("required_scopes"));
  } catch (const codec::Malformed&) {
    error.message = describe_body(response);
  }
  if (error.title.empty() && error.message.empty()) error.message = "the answer does not say why";
}

void add_hint(Error& error) {
  if (error.title.empty() && (error.status == 401 || error.status == 403))
    error.hint = "the response is not the API's: a proxy, a firewall or a login page may have sent it";
  else if (error.kind == ErrorKind::unauthenticated)
    error.hint =
        "the token is wrong, expired or revoked: make a new one at Bookafy and set BOOKAFY_TOKEN or --token-file";
  else if (!error.required_scopes.empty())
    error.hint = fmt::format("make a token that has the scope {}", fmt::join(error.required_scopes, ", "));
  else if (error.status >= 300 && error.status < 400)
    error.hint = "redirects are not followed, so that the token goes nowhere else: set --api-url to the final address";
}

std::string proxy_hint(int status) {
  if (status == 407) return "put the proxy's credentials into the variable, before the host: USER:PASSWORD@HOST:PORT";
  if (status / 100 == 4) return "the proxy does not allow this host; name it in no_proxy to go without the proxy";
  return "check the variable, or name the host in no_proxy to go without the proxy";
}

Error failure_error(const http::Failure& failure, std::string_view attempted) {
  using Reason = http::Failure::Reason;
  const bool not_promised = failure.reason == Reason::too_large || failure.reason == Reason::malformed;
  Error error = attempted_error(not_promised ? ErrorKind::server : ErrorKind::network, attempted, failure.message);
  error.request_id = shortened(failure.request_id);
  if (failure.reason == Reason::tls)
    error.hint = "if a certificate authority of your own signs for this server, name it with --ca-file";
  else if (failure.proxy_status)
    error.hint = proxy_hint(*failure.proxy_status);
  else if (failure.reason == Reason::timeout)
    error.hint = "--timeout and --connect-timeout set how long it may take";
  return error;
}

Error too_long_error(std::chrono::milliseconds wait, std::string_view attempted, const http::Outcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  Error error = response ? refusal_of(*response, attempted) : attempted_error(ErrorKind::rate_limited, attempted, "");
  error.kind = ErrorKind::rate_limited;
  error.message = fmt::format("the server wants {} s of waiting first, more than --max-wait allows",
                              std::chrono::ceil<std::chrono::seconds>(wait).count());
  error.hint = "try again after that time, or raise --max-wait";
  return error;
}

}  // namespace

Error refusal_of(const http::Response& response, std::string_view attempted) {
  Error error = attempted_error(kind_of_status(response.status), attempted, "");
  error.status = response.status;
  error.request_id = request_id(response);
  read_error_body(response, error);
  add_hint(error);
  return error;
}

Error broken_promise(const http::Response& response, std::string_view attempted, const std::string& what) {
  Error error = attempted_error(ErrorKind::server, attempted, what);
  error.status = response.status;
  error.request_id = request_id(response);
  return error;
}

http::Response expect_success(net::Answer answer, std::string_view attempted) {
  if (answer.refused_wait) throw too_long_error(*answer.refused_wait, attempted, answer.outcome);
  if (const auto* failure = std::get_if<http::Failure>(&answer.outcome)) throw failure_error(*failure, attempted);
  auto& response = std::get<http::Response>(answer.outcome);
  if (response.status < 200 || response.status > 299) throw refusal_of(response, attempted);
  return std::move(response);
}

bool may_have_taken_effect(const net::Answer& answer) {
  if (answer.maybe_done_before) return true;
  if (const auto* failure = std::get_if<http::Failure>(&answer.outcome)) return failure->sent;
  const int status = std::get<http::Response>(answer.outcome).status;
  return status < 400 || status > 499 || status == 408;
}

Value decode_object(const http::Response& response, std::string_view attempted, const Projection& kept) {
  if (!is_json(response) || is_blank(response.body))
    throw broken_promise(response, attempted, "the server sent " + describe_body(response));
  try {
    Value body = codec::decode(response.body, kept);
    if (body.object()) return body;
    throw broken_promise(response, attempted, "the server's answer is not a JSON object");
  } catch (const codec::Malformed& problem) {
    throw broken_promise(response, attempted, fmt::format("the server's answer is unusable: {}", problem.what()));
  }
}

Value expect_resource(net::Answer answer, std::string_view attempted, const Projection& kept) {
  const http::Response response = expect_success(std::move(answer), attempted);
  Value body = decode_object(response, attempted, kept);
  Value* resource = body.find("resource");
  if (!resource || !resource->object())
    throw broken_promise(response, attempted, "the server's answer has no resource");
  return std::move(*resource);
}

}  // namespace bookafy
