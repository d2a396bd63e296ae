/// The sandbox's API asked directly, as one of its tokens.
#pragma once

#include <string>
#include <string_view>

#include "api/codec.hpp"
#include "catch.hpp"
#include "sandbox/query.hpp"
#include "sandbox/sandbox_transport.hpp"

namespace bookafy::sandbox {

struct ApiFixture {
  FixedSurroundings fixed;
  World world{seed_world()};
  Api api{world, fixed.surroundings(), SandboxTransport::base_url, 1'000'000};

  http::Response send(std::string_view token, std::string_view method, std::string target, std::string body = {}) {
    http::Request request{std::string(method), std::move(target), {}, std::move(body)};
    if (!token.empty()) request.headers.push_back({"Authorization", "Bearer sandbox-" + std::string(token)});
    return api.handle(request);
  }

  http::Response get(std::string_view token, std::string target) { return send(token, "GET", std::move(target)); }

  /// The decoded body of a request that must succeed.
  Value body(std::string_view token, std::string target) {
    const http::Response response = get(token, std::move(target));
    INFO(response.body);
    REQUIRE(response.status == 200);
    return codec::decode(response.body);
  }

  /// The path of the subscription that was made.
  std::string subscribe(std::string_view token, const std::string& body) {
    const http::Response response = send(token, "POST", "/webhook_subscriptions", body);
    INFO(response.body);
    REQUIRE(response.status == 201);
    return codec::decode(response.body).at_path("resource.uri")->string()->substr(SandboxTransport::base_url.size());
  }
};

inline std::string full(std::string_view path) { return SandboxTransport::base_url + std::string(path); }

/// `name=<percent-encoded full URI>`
inline std::string parameter(std::string_view name, std::string_view path) {
  return write_query({{std::string(name), full(path)}});
}

/// The query that asks for what belongs to the seeded organization.
inline const std::string ours = parameter("organization", seed::organization);

/// The body of a create; keys without a value are left out.
inline std::string create_body(std::string_view scope, std::string_view user = {}, std::string_view group = {},
                               std::string_view url = "https://hooks.example.org/a",
                               std::string_view event = "invitee.created",
                               std::string_view organization = seed::organization) {
  Value body = Value::Object{
      {"url", url}, {"events", Value::Array{Value(event)}}, {"scope", scope}, {"organization", full(organization)}};
  if (!user.empty()) body.set("user", full(user));
  if (!group.empty()) body.set("group", full(group));
  return codec::encode(body);
}

inline std::string details(std::string_view entries) {
  return std::string(R"({"details":[)")
      .append(entries)
      .append(R"(],"message":"The supplied parameters are invalid.","title":"Invalid Argument"})");
}

inline std::string denied(std::string_view message) {
  return std::string(R"({"title":"Permission Denied","message":")").append(message).append(R"("})");
}

inline const std::string unknown =
    R"({"title":"Resource Not Found","message":"The server could not find the requested resource."})";

}  // namespace bookafy::sandbox
