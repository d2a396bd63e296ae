// Users, memberships, organizations, groups, and what every answer has.
#include "sandbox/api_fixture.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;

namespace {

const std::string memberships = "/organization_memberships?";
std::string membership_of(const ApiFixture& sandbox, std::string_view user) {
  for (const auto& [number, record] : sandbox.world.all("organization_memberships"))
    if (record.document.text_at("user") == user) return record.document.text_at("uri");
  return {};
}

}  // namespace

TEST_CASE("each token is its user, in a role") {
  const std::vector<std::tuple<std::string, std::string_view, std::string>> rows{
      {"owner", seed::owner, "owner"},
      {"admin", seed::admin, "admin"},
      {"member", seed::member, "user"},
      {"group-admin", seed::group_admin, "user"},
      {"basic", seed::basic_owner, "owner"}};
  ApiFixture sandbox;
  for (const auto& [token, user, role] : rows) {
    CAPTURE(token);
    const Value me = sandbox.body(token, "/users/me");
    CHECK(*me.at_path("resource.uri")->string() == full(user));
    const Value own = sandbox.body(token, memberships + parameter("user", user));
    REQUIRE(own.find("collection")->array()->size() == 1);
    CHECK(*own.at_path("collection.0.role")->string() == role);
    CHECK(*own.at_path("collection.0.organization") == *me.at_path("resource.current_organization"));
    CHECK(*own.at_path("collection.0.user.uri")->string() == full(user));
    CHECK(!own.at_path("collection.0.user")->find("current_organization"));
    CHECK(!own.at_path("collection.0.user")->find("resource_type"));
  }
}

TEST_CASE("the owner is as the API's documentation shows her") {
  ApiFixture sandbox;
  const std::string base = SandboxTransport::base_url;
  CHECK(sandbox.get("owner", "/users/me").body ==
        R"({"resource":{"avatar_url":null,"created_at":"2025-02-11T08:04:10.402117Z","current_organization":")" + base +
            R"(/organizations/3f333df6-90a4-4fda-8dd3-9485d27cee36","email":"mara.lindt@example.org","locale":"en",)" +
            R"("name":"Mara Lindt","resource_type":"User","scheduling_url":"https://bookafy.com/mara-lindt",)" +
            R"("slug":"mara-lindt","time_notation":"24h","timezone":"Europe/Vienna",)" +
            R"("updated_at":"2026-10-30T16:20:01.000412Z","uri":")" + base +
            R"(/users/1b4e28ba-2fa1-41d2-883f-0016d3cca427"}})");
}

TEST_CASE("who may read accounts") {
  struct Row {
    std::string token, target;
    int status;
    std::string body;  ///< of a refusal
  };
  const std::string no_access = denied("You do not have permission to access this resource.");
  const std::string no_permission = denied("You do not have permission");
  const std::string foreign = denied("This user is not in your organization");
  ApiFixture sandbox;
  const std::string owner_membership = membership_of(sandbox, seed::owner);
  const std::string member_membership = membership_of(sandbox, seed::member);
  const std::vector<Row> rows{
      {"member", std::string(seed::owner), 200, {}},
      {"basic", std::string(seed::owner), 403, no_access},
      {"owner", "/users/00000000-0000-4000-8000-000000000000", 404, unknown},
      {"member", std::string(seed::organization), 200, {}},
      {"basic", std::string(seed::organization), 403, no_access},
      {"owner", memberships + ours, 200, {}},
      {"admin", memberships + ours, 200, {}},
      {"member", memberships + ours, 403, no_permission},
      {"group-admin", memberships + ours, 403, no_permission},
      {"basic", memberships + ours, 403, no_permission},
      {"member", memberships + ours + "&" + parameter("user", seed::member), 200, {}},
      {"owner", memberships + ours + "&" + parameter("user", seed::member), 200, {}},
      {"owner", memberships + parameter("user", seed::member), 200, {}},
      {"member", memberships + parameter("user", seed::owner), 403, no_permission},
      {"owner", memberships + parameter("user", seed::basic_owner), 403, foreign},
      {"owner", memberships + "user=x", 400, details(R"({"message":"is invalid","parameter":"user"})")},
      {"owner", memberships + "count=5", 400, details(R"({"message":"is missing","parameter":"organization"})")},
      {"owner", memberships + ours + "&email=", 400, details(R"({"message":"must be filled","parameter":"email"})")},
      {"owner", memberships + ours + "&role=boss", 400, details(R"({"message":"is invalid","parameter":"role"})")},
      {"member", member_membership, 200, {}},
      {"admin", member_membership, 200, {}},
      {"member", owner_membership, 403, no_access},
      {"member", "/groups?" + ours, 200, {}},
      {"basic", "/groups?" + ours, 403, no_permission},
      {"owner", "/groups", 400, details(R"({"message":"is missing","parameter":"organization"})")},
      {"member", std::string(seed::group), 200, {}},
      {"basic", std::string(seed::group), 403, no_access},
      {"member", "/routing_forms?" + ours, 200, {}},
      {"basic", "/routing_forms?" + ours, 403, no_permission},
      {"member", std::string(seed::published_form), 200, {}},
      {"basic", std::string(seed::published_form), 403, no_access},
      {"basic", "/routing_form_submissions?" + parameter("form", seed::published_form), 403, no_access},
      {"owner", "/routing_form_submissions", 400, details(R"({"message":"is missing","parameter":"form"})")},
      {"owner", "/routing_form_submissions?" + parameter("form", seed::published_form), 200, {}},
      {"owner", std::string(seed::sample_submission), 200, {}},
      {"basic", std::string(seed::sample_submission), 403, no_access},
  };
  for (const Row& row : rows) {
    CAPTURE(row.token, row.target);
    const auto response = sandbox.get(row.token, row.target);
    CHECK(response.status == row.status);
    if (row.status != 200) CHECK(response.body == row.body);
  }
}

TEST_CASE("memberships are filtered by role and e-mail address") {
  ApiFixture sandbox;
  auto count = [&](const std::string& filter) {
    return *sandbox.body("owner", memberships + ours + filter).at_path("pagination.count")->integer();
  };
  CHECK(count("") == 7);
  CHECK(count("&role=user") == 5);
  CHECK(count("&role=owner") == 1);
  CHECK(count("&email=mara.lindt%40example.org") == 1);
  CHECK(count("&email=nobody%40example.org") == 0);
}

TEST_CASE("owners and admins remove others, nobody an owner or oneself") {
  ApiFixture sandbox;
  const auto remove = [&](std::string_view token, std::string_view user) {
    return sandbox.send(token, "DELETE", membership_of(sandbox, user));
  };
  CHECK(remove("member", seed::group_admin).body == denied("You do not have permission to access this resource."));
  CHECK(remove("admin", seed::owner).body == denied("You do not have permission"));
  CHECK(remove("admin", seed::admin).body == denied("You do not have permission"));
  CHECK(remove("admin", seed::member).status == 204);
  CHECK(sandbox.get("member", "/organization_memberships?" + parameter("user", seed::member))
            .body.starts_with(R"({"collection":[],)"));
  CHECK(sandbox.get("member", std::string(seed::organization)).status == 403);
}

TEST_CASE("what is not there is a 404, whatever the method") {
  ApiFixture sandbox;
  for (const auto& [method, target] : std::vector<std::pair<std::string, std::string>>{
           {"GET", "/"},
           {"GET", ""},
           {"GET", "/nothing"},
           {"GET", "/webhook_subscriptions/"},
           {"GET", "/webhook_subscriptions/a%2Fb"},
           {"GET", "/users/me/x"},
           {"PATCH", "/webhook_subscriptions/7c9e6679-7425-40de-944b-e07fc1f90ae7"},
           {"PUT", "/users/me"},
           {"POST", "/users/me"},
           {"DELETE", "/webhook_subscriptions"},
           {"GET", "/event_types/886313e1-3b8a-4372-9b90-0c9aee199e5d"}}) {
    CAPTURE(method, target);
    const auto response = sandbox.send("owner", method, target);
    CHECK(response.status == 404);
    CHECK(response.body == unknown);
  }
  CHECK(sandbox.send("owner", "HEAD", "/users/me").status == 200);
}

TEST_CASE("without a good token nothing is answered") {
  ApiFixture sandbox;
  for (const std::string value : {"", "Bearer", "Bearer ", "Bearer x", "Basic sandbox-owner", "sandbox-owner",
                                  "Bearer sandbox-owner ", "Bearer  sandbox-owner"}) {
    CAPTURE(value);
    http::Request request{"GET", "/users/me", {}, {}};
    if (!value.empty()) request.headers.push_back({"Authorization", value});
    const auto response = sandbox.api.handle(request);
    CHECK(response.status == 401);
    CHECK(response.body == R"({"title":"Unauthenticated","message":"The access token is invalid"})");
  }
  CHECK(sandbox.api.handle({"GET", "/users/me", {{"authorization", "bearer sandbox-owner"}}, {}}).status == 200);
}

TEST_CASE("every answer tells its rate limit and its request") {
  FixedSurroundings fixed;
  World world(seed_world());
  Api api(world, fixed.surroundings(), SandboxTransport::base_url, 30);
  auto ask = [&](const std::string& token, const std::string& target) {
    return api.handle({"GET", target, {{"Authorization", "Bearer " + token}}, {}});
  };
  auto limits = [](const http::Response& response) {
    return std::string(http::header(response.headers, "x-ratelimit-limit")) + " " +
           std::string(http::header(response.headers, "X-RateLimit-Remaining")) + " " +
           std::string(http::header(response.headers, "X-RateLimit-Reset")) + " " +
           std::string(http::header(response.headers, "x-ratelimit-tier"));
  };
  const auto first = ask("sandbox-owner", "/nothing");
  CHECK(first.status == 404);
  CHECK(limits(first) == "30 29 60 paid");
  CHECK(http::header(first.headers, "Content-Type") == "application/json; charset=utf-8");
  CHECK(http::header(first.headers, "x-request-id").size() == 36);
  fixed.now += std::chrono::milliseconds(1500);
  const auto second = ask("sandbox-readonly", "/users/me");
  CHECK(limits(second) == "30 28 59 paid");
  CHECK(http::header(second.headers, "x-request-id") != http::header(first.headers, "x-request-id"));
  CHECK(limits(ask("sandbox-member", "/users/me")) == "30 29 60 paid");
  CHECK(limits(ask("sandbox-basic", "/users/me")) == "3 2 60 free");
  CHECK(limits(ask("nonsense", "/users/me")) == "30 29 60 free");

  while (ask("sandbox-owner", "/users/me").status == 200) continue;
  const auto over = ask("sandbox-owner", "/users/me");
  CHECK(over.status == 429);
  CHECK(over.body == R"({"title":"Too Many Requests","message":"The rate limit was exceeded."})");
  CHECK(limits(over) == "30 0 59 paid");
  fixed.now += std::chrono::seconds(58);
  CHECK(limits(ask("sandbox-owner", "/users/me")) == "30 0 1 paid");
  fixed.now += std::chrono::seconds(1);
  CHECK(limits(ask("sandbox-owner", "/users/me")) == "30 29 60 paid");
}
