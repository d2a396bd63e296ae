#include "sandbox/api.hpp"

#include <algorithm>

#include "api/codec.hpp"
#include "sandbox/call.hpp"
#include "sandbox/reference.hpp"

namespace bookafy::sandbox {
namespace {

/// Does the path have the pattern's form? `*` stands for one id.
bool matches(std::string_view pattern, std::string_view path) {
  while (true) {
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    const std::string_view segment = path.substr(0, path.find('/'));
    if (wanted == "*" ? !is_id(segment) : wanted != segment) return false;
    const bool pattern_ends = wanted.size() == pattern.size();
    const bool path_ends = segment.size() == path.size();
    if (pattern_ends || path_ends) return pattern_ends && path_ends;
    pattern.remove_prefix(wanted.size() + 1);
    path.remove_prefix(segment.size() + 1);
  }
}

/// HEAD is GET whose body the server does not send (RFC 9110 section 9.3.2). Throws the 404.
const Route& find_route(std::string_view method, std::string_view path) {
  if (method == "HEAD") method = "GET";
  for (const auto& routes :
       {subscription_routes(), account_routes(), booking_routes(), form_routes(), control_routes()})
    for (const Route& route : routes)
      if (route.method == method && matches(route.pattern, path)) return route;
  throw not_found();
}

/// nullptr for a missing, malformed or unknown token.
const Token* presented_token(const http::Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string_view value = http::header(request.headers, "Authorization");
  const bool bearer =
      value.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), value.begin(),
                                                 [](char a, unsigned char b) { return a == std::tolower(b); });
  return bearer ? find_token(value.substr(scheme.size())) : nullptr;
}

/// The content type is not looked at. Throws the 400.
Value parse_body(const http::Request& request) {
  if (request.method != "POST" || request.body.empty()) return Value::Object();
  try {
    Value body = codec::decode(request.body);
    if (body.object()) return body;
  } catch (const codec::Malformed&) {
    // The same answer as for a text that is no object.
  }
  throw invalid_arguments({{"body", "is invalid"}});
}

}  // namespace

/// What the headers of every answer tell.
struct Api::Limited {
  const Token* token = nullptr;
  RateLimit::Verdict verdict;
  std::string tier;
};

Api::Api(World& world, const Surroundings& surroundings, std::string base_url, int rate_limit,
         std::function<void(const std::string&)> complain)
    : world_(world),
      surroundings_(surroundings),
      complain_(std::move(complain)),
      base_url_(std::move(base_url)),
      rate_limit_(rate_limit),
      page_tokens_(surroundings_) {}

Api::Limited Api::admit(const http::Request& request) {
  Limited limited{presented_token(request), {}, "free"};
  bool free = false;
  std::string user;
  if (limited.token) {
    user = limited.token->user;
    const Record* organization = world_.find(Access(world_).organization_of_user(user));
    if (organization) limited.tier = organization->document.text_at("stage");
    free = limited.tier == "free";
  }
  limited.verdict = rate_limit_.count(user, free, surroundings_.now_outside());
  return limited;
}

http::Response Api::handle(const http::Request& request) {
  std::lock_guard lock(mutex_);
  const Limited limited = admit(request);
  Answer answer;
  try {
    if (!limited.verdict.allowed) throw too_many_requests();
    if (!limited.token) throw unauthenticated();
    const Target target = parse_target(request.url);
    const Route& route = find_route(request.method, target.path);
    if (!route.token_scope.empty() && !allows(*limited.token, route.token_scope))
      throw insufficient_scope({route.token_scope});
    const std::string user(limited.token->user);
    Call call{world_,
              Access(world_),
              *limited.token,
              user,
              parse_body(request),
              Value(target.query),
              target.path,
              surroundings_.now(),
              surroundings_,
              {base_url_, user, target, page_tokens_}};
    answer = route.run(call);
  } catch (const Refusal& refusal) {
    answer = {refusal.status, refusal.body};
  } catch (const std::exception& problem) {
    if (complain_) complain_(request.method + " " + request.url + " failed: " + problem.what());
    const Refusal refusal = internal_error();
    answer = {refusal.status, refusal.body};
  }
  make_full(answer.document, base_url_);

  const RateLimit::Verdict& verdict = limited.verdict;
  http::Response response{answer.status, {}, answer.document.is_null() ? "" : codec::encode(answer.document)};
  if (!response.body.empty()) response.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
  response.headers.insert(
      response.headers.end(),
      {{"X-RateLimit-Limit", std::to_string(verdict.limit)},
       {"X-RateLimit-Remaining", std::to_string(verdict.remaining)},
       {"X-RateLimit-Reset", std::to_string(verdict.reset)},
       {"x-ratelimit-tier", limited.tier},
       {"x-ratelimit-key", "sandbox:" + std::string(limited.token ? id_of(limited.token->user) : "anonymous")},
       {"x-request-id", uuid(surroundings_)}});
  return response;
}

}  // namespace bookafy::sandbox
