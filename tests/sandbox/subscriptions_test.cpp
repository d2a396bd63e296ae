// Webhook subscriptions: who may make, list, read and remove them, and every complaint.
#include "sandbox/api_fixture.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;

namespace {

constexpr std::string_view no_permission = "You do not have permission";
constexpr std::string_view no_access = "You do not have permission to access this resource.";

std::string list_target(std::string_view scope, std::string_view user = {}, std::string_view group = {}) {
  std::string target = "/webhook_subscriptions?" + parameter("organization", seed::organization);
  target.append("&scope=").append(scope);
  if (!user.empty()) target += "&" + parameter("user", user);
  if (!group.empty()) target += "&" + parameter("group", group);
  return target;
}

}  // namespace

TEST_CASE("a create answers the whole subscription and never its key") {
  ApiFixture sandbox;
  const auto response = sandbox.send("owner", "POST", "/webhook_subscriptions",
                                     R"({"url":"https://hooks.example.org/bookafy","events":["invitee.created",)"
                                     R"("invitee.canceled"],"scope":"organization","organization":")" +
                                         full(seed::organization) + R"(","signing_key":"bk_demo_signing_key_0001"})");
  CHECK(response.status == 201);
  const std::string base = SandboxTransport::base_url;
  const std::string path = sandbox.world.all("webhook_subscriptions").begin()->second.document.text_at("uri");
  CHECK(response.body ==
        R"({"resource":{"callback_url":"https://hooks.example.org/bookafy","created_at":"2026-11-23T09:15:42.118204Z",)"
        R"("creator":")" +
            base + R"(/users/1b4e28ba-2fa1-41d2-883f-0016d3cca427","events":["invitee.created","invitee.canceled"],)" +
            R"("group":null,"organization":")" + base +
            R"(/organizations/3f333df6-90a4-4fda-8dd3-9485d27cee36","retry_started_at":null,"scope":"organization",)" +
            R"("state":"active","updated_at":"2026-11-23T09:15:42.118204Z","uri":")" + base + path +
            R"(","user":null}})");
  CHECK(path.size() == std::string_view("/webhook_subscriptions/").size() + 36);
  CHECK(sandbox.world.find(path)->signing_key.reveal() == "bk_demo_signing_key_0001");
  for (const auto& target : {path, list_target("organization")})
    CHECK(sandbox.get("owner", target).body.find("bk_demo") == std::string::npos);
}

TEST_CASE("who may subscribe for whom") {
  struct Row {
    std::string token, scope;
    std::string_view user, group;
    int status;
    std::string_view text;
  };
  const std::vector<Row> rows{
      {"owner", "organization", {}, {}, 201, {}},
      {"admin", "organization", {}, {}, 201, {}},
      {"group-admin", "organization", {}, {}, 403, no_access},
      {"member", "organization", {}, {}, 403, no_access},
      {"basic", "organization", {}, {}, 403, no_permission},
      {"owner", "user", seed::owner, {}, 201, {}},
      {"admin", "user", seed::admin, {}, 201, {}},
      {"group-admin", "user", seed::group_admin, {}, 201, {}},
      {"member", "user", seed::member, {}, 201, {}},
      {"owner", "user", seed::member, {}, 403, no_permission},
      {"admin", "user", seed::owner, {}, 403, no_permission},
      {"member", "user", seed::owner, {}, 403, no_permission},
      {"owner", "user", seed::basic_owner, {}, 403, no_access},
      {"basic", "user", seed::basic_owner, {}, 403, no_permission},
      {"owner", "group", {}, seed::group, 201, {}},
      {"admin", "group", {}, seed::other_group, 201, {}},
      {"group-admin", "group", {}, seed::group, 201, {}},
      {"group-admin", "group", {}, seed::other_group, 403, no_access},
      {"member", "group", {}, seed::other_group, 403, no_access},
  };
  for (const Row& row : rows) {
    CAPTURE(row.token, row.scope, row.user, row.group);
    ApiFixture sandbox;
    const auto response =
        sandbox.send(row.token, "POST", "/webhook_subscriptions", create_body(row.scope, row.user, row.group));
    CHECK(response.status == row.status);
    if (row.status == 403) CHECK(response.body == denied(row.text));
    CHECK(sandbox.world.all("webhook_subscriptions").size() == (row.status == 201 ? 1 : 0));
  }
}

TEST_CASE("who may list whose subscriptions") {
  struct Row {
    std::string token, scope;
    std::string_view user, group;
    int status;
    std::string_view text;
  };
  const std::vector<Row> rows{
      {"owner", "organization", {}, {}, 200, {}},
      {"admin", "organization", {}, {}, 200, {}},
      {"readonly", "organization", {}, {}, 200, {}},
      {"group-admin", "organization", {}, {}, 403, no_access},
      {"member", "organization", {}, {}, 403, no_access},
      {"basic", "organization", {}, {}, 403, no_permission},
      {"member", "user", seed::member, {}, 200, {}},
      {"owner", "user", seed::member, {}, 403, "Unauthorized"},
      {"member", "user", seed::owner, {}, 403, "Unauthorized"},
      {"owner", "user", seed::basic_owner, {}, 403, "Unauthorized"},
      {"owner", "group", {}, seed::group, 200, {}},
      {"group-admin", "group", {}, seed::group, 200, {}},
      {"member", "group", {}, seed::group, 403, "You do not have permission to perform this action"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.token, row.scope, row.user, row.group);
    ApiFixture sandbox;
    const auto response = sandbox.get(row.token, list_target(row.scope, row.user, row.group));
    CHECK(response.status == row.status);
    CHECK(response.body == (row.status == 200 ? R"({"collection":[],"pagination":{"count":0,"next_page":null,)"
                                                R"("next_page_token":null,"previous_page":null,)"
                                                R"("previous_page_token":null}})"
                                              : denied(row.text)));
  }
}

TEST_CASE("who may read and remove a subscription") {
  struct Row {
    std::string scope;
    std::string_view user, group;
    std::string creator;
    std::vector<std::string> allowed, refused;
  };
  const std::vector<Row> rows{
      {"organization", {}, {}, "owner", {"owner", "admin"}, {"member", "group-admin", "basic"}},
      {"user", seed::member, {}, "member", {"member"}, {"owner", "admin", "group-admin", "basic"}},
      {"group", {}, seed::group, "owner", {"owner", "admin", "group-admin"}, {"member", "basic"}},
  };
  for (const Row& row : rows) {
    ApiFixture sandbox;
    const std::string body = create_body(row.scope, row.user, row.group);
    std::string path = sandbox.subscribe(row.creator, body);
    for (const auto& token : row.refused) {
      CAPTURE(row.scope, token);
      for (const char* method : {"GET", "DELETE"}) {
        const auto response = sandbox.send(token, method, path);
        CHECK(response.status == 403);
        CHECK(response.body == denied(no_access));
      }
    }
    for (const auto& token : row.allowed) {
      CAPTURE(row.scope, token);
      CHECK(sandbox.get(token, path).status == 200);
      const auto response = sandbox.send(token, "DELETE", path);
      CHECK(response.status == 204);
      CHECK(response.body.empty());
      for (const char* method : {"GET", "DELETE"}) {
        const auto again = sandbox.send(token, method, path);
        CHECK(again.status == 404);
        CHECK(again.body == unknown);
      }
      path = sandbox.subscribe(row.creator, body);
    }
  }
}

TEST_CASE("each scope lists its own subscriptions only") {
  ApiFixture sandbox;
  const std::string organization = sandbox.subscribe("admin", create_body("organization"));
  const std::string user = sandbox.subscribe("owner", create_body("user", seed::owner));
  const std::string group = sandbox.subscribe("owner", create_body("group", {}, seed::group));
  sandbox.subscribe("member", create_body("user", seed::member));
  auto only = [&](const std::string& target) {
    const Value list = sandbox.body("owner", target);
    REQUIRE(list.find("collection")->array()->size() == 1);
    return list.at_path("collection.0.uri")->string()->substr(SandboxTransport::base_url.size());
  };
  CHECK(only(list_target("organization")) == organization);
  CHECK(only(list_target("user", seed::owner)) == user);
  CHECK(only(list_target("group", {}, seed::group)) == group);
}

TEST_CASE("what a create complains about") {
  const std::string organization = R"("organization":")" + full(seed::organization) + R"(")";
  const std::string rest = R"(,"scope":"organization",)" + organization + "}";
  const std::string beginning = R"({"url":"https://a.example","events":["invitee.created"],)";
  auto complaint = [](std::string_view message, std::string_view name) {
    return std::string(R"({"message":")").append(message).append(R"(","parameter":")").append(name).append(R"("})");
  };
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", complaint("is missing", "url") + "," + complaint("is missing", "events") + "," +
               complaint("is missing", "organization") + "," + complaint("is missing", "scope")},
      {"{", complaint("is invalid", "body")},
      {"[]", complaint("is invalid", "body")},
      {"{\"url\":\"\xff\"}", complaint("is invalid", "body")},
      {R"({"events":["invitee.created"])" + rest, complaint("is missing", "url")},
      {R"({"url":null,"events":["invitee.created"])" + rest, complaint("is missing", "url")},
      {R"({"url":"","events":["invitee.created"])" + rest, complaint("must be filled", "url")},
      {R"({"url":7,"events":["invitee.created"])" + rest, complaint("is invalid", "url")},
      {R"({"url":"ftp://a.example","events":["invitee.created"])" + rest, complaint("is invalid", "url")},
      {R"({"url":"https://","events":["invitee.created"])" + rest, complaint("is invalid", "url")},
      {R"({"url":"https://a b","events":["invitee.created"])" + rest, complaint("is invalid", "url")},
      {R"({"url":"https://a.example")" + rest, complaint("is missing", "events")},
      {R"({"url":"https://a.example","events":[])" + rest, complaint("must be filled", "events")},
      {R"({"url":"https://a.example","events":"invitee.created")" + rest, complaint("is invalid", "events")},
      {R"({"url":"https://a.example","events":[1])" + rest, complaint("is invalid", "events")},
      {R"({"url":"https://a.example","events":["invitee.create"])" + rest, complaint("is invalid", "events")},
      {R"({"url":"https://a.example","events":["invitee.created","invitee.created"])" + rest,
       complaint("is invalid", "events")},
      {beginning + R"("scope":"organization"})", complaint("is missing", "organization")},
      {beginning + R"("scope":"organization","organization":"3f333df6-90a4-4fda-8dd3-9485d27cee36"})",
       complaint("is invalid", "organization")},
      {beginning + R"("scope":"organization","organization":")" + full(seed::owner) + R"("})",
       complaint("is invalid", "organization")},
      {beginning + organization + "}", complaint("is missing", "scope")},
      {beginning + organization + R"(,"scope":"team"})", complaint("is invalid", "scope")},
      {beginning + organization + R"(,"scope":"user"})", complaint("is missing", "user")},
      {beginning + organization + R"(,"scope":"group"})", complaint("is missing", "group")},
      {beginning + organization + R"(,"scope":"user","user":"me"})", complaint("is invalid", "user")},
      {beginning + organization + R"(,"scope":"organization","signing_key":""})",
       complaint("must be filled", "signing_key")},
      {beginning + organization + R"(,"scope":"organization","signing_key":1})",
       complaint("is invalid", "signing_key")},
      {create_body("user", seed::owner, {}, "https://a.example", "routing_form_submission.created"),
       complaint("is invalid", "scope")},
      {create_body("organization", {}, {}, "https://a.example", "meeting_recap.created"),
       complaint("is invalid", "scope")},
  };
  for (const auto& [body, complaints] : rows) {
    CAPTURE(body);
    ApiFixture sandbox;
    const auto response = sandbox.send("owner", "POST", "/webhook_subscriptions", body);
    CHECK(response.status == 400);
    CHECK(response.body == details(complaints));
  }
}

TEST_CASE("an unknown object in a create is a 404") {
  const std::string id = "00000000-0000-4000-8000-000000000000";
  for (const auto& body :
       {create_body("organization", {}, {}, "https://a.example", "invitee.created", "/organizations/" + id),
        create_body("user", "/users/" + id), create_body("group", {}, "/groups/" + id)}) {
    ApiFixture sandbox;
    const auto response = sandbox.send("owner", "POST", "/webhook_subscriptions", body);
    CHECK(response.status == 404);
    CHECK(response.body == unknown);
  }
}

TEST_CASE("one URL subscribes once in one place") {
  ApiFixture sandbox;
  sandbox.subscribe("owner", create_body("organization"));
  const auto conflict =
      sandbox.send("admin", "POST", "/webhook_subscriptions",
                   create_body("organization", {}, {}, "https://hooks.example.org/a", "contact.created"));
  CHECK(conflict.status == 409);
  CHECK(conflict.body == R"({"title":"Already Exists","message":"Hook with this url already exists"})");
  sandbox.subscribe("owner", create_body("user", seed::owner));
  sandbox.subscribe("admin", create_body("user", seed::admin));
  sandbox.subscribe("owner", create_body("group", {}, seed::group));
  for (const char* url :
       {"https://hooks.example.org/a/", "https://hooks.example.org/A", "https://hooks.example.org/a?"})
    sandbox.subscribe("owner", create_body("organization", {}, {}, url));
  CHECK(sandbox.world.all("webhook_subscriptions").size() == 7);
}

TEST_CASE("token scopes") {
  const auto insufficient = [](std::string_view scopes) {
    return std::string(R"({"title":"Insufficient scope","message":"This operation requires the scopes listed in the )"
                       R"('required_scopes' array.","required_scopes":[)")
        .append(scopes)
        .append("]}");
  };
  ApiFixture sandbox;
  const std::string own = create_body("user", seed::owner);
  const auto create = sandbox.send("readonly", "POST", "/webhook_subscriptions", own);
  CHECK(create.status == 403);
  CHECK(create.body == insufficient(R"("webhooks:write","scheduled_events:read")"));
  CHECK(sandbox.send("readonly", "POST", "/webhook_subscriptions", "{}").body == insufficient(R"("webhooks:write")"));
  const auto remove = sandbox.send("readonly", "DELETE", sandbox.subscribe("owner", own));
  CHECK(remove.status == 403);
  CHECK(remove.body == insufficient(R"("webhooks:write")"));
  CHECK(sandbox.get("readonly", "/users/me").body == insufficient(R"("users:read")"));

  CHECK(sandbox.get("bare400", "/users/me").status == 200);
  CHECK(sandbox.get("bare400", list_target("organization")).status == 200);
  const auto bare = sandbox.send("bare400", "POST", "/webhook_subscriptions", create_body("organization"));
  CHECK(bare.status == 400);
  CHECK(bare.body == R"({"title":"Invalid Argument","message":"The supplied parameters are invalid."})");
}

TEST_CASE("the free plan lacks routing forms and recaps only") {
  ApiFixture sandbox;
  auto create = [&](std::string_view scope, std::string_view event) {
    const std::string_view user = scope == "user" ? seed::basic_owner : std::string_view();
    return sandbox.send("basic", "POST", "/webhook_subscriptions",
                        create_body(scope, user, {}, "https://hooks.example.org/" + std::string(event), event,
                                    seed::basic_organization));
  };
  const auto form = create("organization", "routing_form_submission.created");
  CHECK(form.status == 403);
  CHECK(form.body == denied("Please upgrade to a paid Bookafy account."));
  CHECK(create("user", "meeting_recap.deleted").body == form.body);
  CHECK(create("organization", "invitee.created").status == 201);
}

TEST_CASE("what a list complains about") {
  const std::string organization = parameter("organization", seed::organization);
  const std::vector<std::pair<std::string, std::string>> rows{
      {"scope=organization", R"({"message":"is missing","parameter":"organization"})"},
      {organization, R"({"message":"is missing","parameter":"scope"})"},
      {organization + "&scope=user", R"({"message":"is missing","parameter":"user"})"},
      {organization + "&scope=group", R"({"message":"is missing","parameter":"group"})"},
      {organization + "&scope=all", R"({"message":"is invalid","parameter":"scope"})"},
      {"organization=x&scope=organization", R"({"message":"is invalid","parameter":"organization"})"},
      {organization + "&scope=organization&count=0", R"({"message":"is invalid","parameter":"count"})"},
      {organization + "&scope=organization&count=101", R"({"message":"is invalid","parameter":"count"})"},
      {organization + "&scope=organization&count=1x", R"({"message":"is invalid","parameter":"count"})"},
      {organization + "&scope=organization&sort=uri:asc", R"({"message":"is invalid","parameter":"sort"})"},
      {organization + "&scope=organization&page_token=x", R"({"message":"is invalid","parameter":"page_token"})"},
  };
  for (const auto& [query, complaint] : rows) {
    CAPTURE(query);
    ApiFixture sandbox;
    const auto response = sandbox.get("owner", "/webhook_subscriptions?" + query);
    CHECK(response.status == 400);
    CHECK(response.body == details(complaint));
  }
}
