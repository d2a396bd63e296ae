#include "net/curl_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "bookafy/validation.hpp"
#include "net/query.hpp"

namespace bookafy::net {
namespace {

/// A text that the client takes from an answer and puts into a later request, and what the shell has in its place.
struct Marker {
  std::string_view text;
  std::string_view shell;
};
constexpr Marker user{"bookafy-shell-user", "$user"};
constexpr Marker organization{"bookafy-shell-organization", "$organization"};
constexpr Marker signing_key{CurlLines::signing_key, "${BOOKAFY_SIGNING_KEY:?}"};
constexpr std::array markers{user, organization, signing_key};

/// One body that every reader of an answer finds what it needs in.
http::Response everything_went_well() {
  http::Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = {}};
  response.body = fmt::format(
      R"({{"resource":{{"uri":"{}","current_organization":"{}","callback_url":"-","events":[]}},"collection":[],"pagination":{{"next_page":null}}}})",
      user.text, organization.text);
  return response;
}

/// As the transport has it: loopback always, and what carries a token in clear text.
bool goes_directly(const http::Request& request) {
  const auto url = parse_url(request.url);
  if (!url || is_loopback(url->host)) return true;
  return url->scheme == "http" && !http::header(request.headers, "Authorization").empty();
}

bool takes_from_user(const http::Request& request) {
  for (const Marker& marker : {user, organization})
    if ((request.url + request.body).find(marker.text) != std::string::npos) return true;
  return false;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// One word, in which each marker becomes the shell's variable in double quotes.
std::string word(std::string_view text) {
  std::string quoted = shell_quoted(text);
  for (const Marker& marker : markers) replace_all(quoted, marker.text, fmt::format("'\"{}\"'", marker.shell));
  return quoted;
}

}  // namespace

std::string shell_quoted(std::string_view text) {
  std::string inside(text);
  replace_all(inside, "'", R"('\'')");
  return "'" + inside + "'";
}

CurlLines::CurlLines(std::function<void(const std::string&)> print, std::string options)
    : print_(std::move(print)), options_(std::move(options)) {}

void CurlLines::start(std::uint64_t id, http::Request request) {
  finished_.push_back({.id = id, .outcome = everything_went_well(), .resent = false});
  if (held_back_ && takes_from_user(request)) {
    print_(fmt::format("me=$({})\n", command(*held_back_)));
    print_("user=$(printf %s \"$me\" | jq -r .resource.uri)\n");
    print_("organization=$(printf %s \"$me\" | jq -r .resource.current_organization)\n");
    held_back_.reset();
  }
  finish();
  if (request.url.ends_with("/users/me"))
    held_back_ = std::move(request);
  else
    print_(command(request) + "\n");
}

std::vector<http::Completed> CurlLines::wait(Deadline) { return std::exchange(finished_, {}); }

void CurlLines::finish() {
  if (held_back_) print_(command(*held_back_) + "\n");
  held_back_.reset();
}

std::string CurlLines::command(const http::Request& request) const {
  std::string line = "curl -sS --fail-with-body --globoff" + options_;
  if (goes_directly(request)) line += " --noproxy '*'";
  if (request.method != "GET") line += " -X " + shell_quoted(request.method);
  for (const auto& [name, value] : request.headers)
    line += " -H " + (name == "Authorization" ? R"("Authorization: Bearer $BOOKAFY_TOKEN")"
                                              : word(fmt::format("{}: {}", name, value)));
  if (!request.body.empty()) line += " --data-raw " + word(request.body);
  // Only with a GET: elsewhere curl would make a body of it.
  const auto question = request.method == "GET" ? request.url.find('?') : std::string::npos;
  if (question == std::string::npos) return line + " " + word(request.url);
  line += " --get";
  for (std::string_view query = std::string_view(request.url).substr(question + 1); !query.empty();) {
    const auto pair = query.substr(0, query.find('&'));
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
    line += fmt::format(" --data-urlencode {}", word(fmt::format("{}={}", pair.substr(0, equals), value)));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
  }
  return line + " " + word(request.url.substr(0, question));
}

}  // namespace bookafy::net
