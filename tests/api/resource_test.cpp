// What people paste: URIs, paths and ids. Only what is surely a path of the API may become one.
#include "bookafy/resource.hpp"

#include "catch.hpp"

using namespace bookafy;
using Kind = ResourceKind;

TEST_CASE("URIs, paths and ids become requests of the API") {
  struct Row {
    std::string text;
    Kind kind;
    std::string path;
    std::string host;
  };
  const std::string uuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
  const std::vector<Row> rows{
      {uuid, Kind::subscription, "/webhook_subscriptions/" + uuid, ""},
      {"AAAABBBBCCCCDDDD", Kind::subscription, "/webhook_subscriptions/AAAABBBBCCCCDDDD", ""},
      {"a_b-C9", Kind::subscription, "/webhook_subscriptions/a_b-C9", ""},
      {"me", Kind::user, "/users/me", ""},
      {"/users/me", Kind::user, "/users/me", ""},
      {"E/I", Kind::invitee, "/scheduled_events/E/invitees/I", ""},
      {"/scheduled_events/E/invitees/I", Kind::invitee, "/scheduled_events/E/invitees/I", ""},
      {"scheduled_events/E/invitees/I/", Kind::invitee, "/scheduled_events/E/invitees/I", ""},
      {"https://api.bookafy.com/scheduled_events/E/invitees/I", Kind::invitee, "/scheduled_events/E/invitees/I",
       "api.bookafy.com"},
      {"https://api.bookafy.com/webhook_subscriptions/x", Kind::subscription, "/webhook_subscriptions/x",
       "api.bookafy.com"},
      {"HTTPS://API.bookafy.com/users/x", Kind::user, "/users/x", "API.bookafy.com"},
      {"http://127.0.0.1:8025/users/x", Kind::user, "/users/x", "127.0.0.1:8025"},
      {"https://evil.example.org/prefix/v2/users/x", Kind::user, "/users/x", "evil.example.org"},
      {"https://name:word@evil.example.org/users/x", Kind::user, "/users/x", "evil.example.org"},
      {"https://h/users/x?secret=1", Kind::user, "/users/x", "h"},
      {"https://h/users/x#part", Kind::user, "/users/x", "h"},
      {"https://h/users/x/?a=/webhook_subscriptions/y", Kind::user, "/users/x", "h"},
      {"organizations/x", Kind::organization, "/organizations/x", ""},
      {"organization_memberships/x", Kind::membership, "/organization_memberships/x", ""},
      {"groups/x", Kind::group, "/groups/x", ""},
      {"routing_forms/x", Kind::routing_form, "/routing_forms/x", ""},
      {"routing_form_submissions/x", Kind::routing_form_submission, "/routing_form_submissions/x", ""},
      {"invitee_no_shows/x", Kind::no_show, "/invitee_no_shows/x", ""},
      {"scheduled_events/x", Kind::scheduled_event, "/scheduled_events/x", ""},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto resource = parse_resource(row.text);
    REQUIRE(resource);
    CHECK(resource->kind == row.kind);
    CHECK(resource->path() == row.path);
    CHECK(resource->host == row.host);
    // Reading what was written changes nothing.
    CHECK(parse_resource(resource->path())->path() == row.path);
  }
}

TEST_CASE("what could lead a request astray is no resource") {
  const std::vector<std::string> texts{
      "",
      "/",
      "//",
      "///",
      "?",
      "#",
      " ",
      "a b",
      " x",
      "x ",
      "x\n",
      std::string("x\0y", 3),
      "/x",
      "x?",
      "x?y=z",
      "x#",
      "x?y=https://h/users/x",
      "me?",
      "users/x?secret=1",
      "/users/x#part",
      "E/I?x",
      "..",
      "../users/me",
      "users/..",
      "users/.",
      "users/../webhook_subscriptions/x",
      "users//x",
      "users/x//",
      "users/%2e%2e",
      "users/x%2Fy",
      "users/x;y",
      "users/x\\y",
      "users/x\r\nHost: evil.example.org",
      "users/é",
      "https://",
      "https:///users/x",
      "https://host",
      "https://host/",
      "https://host/x",
      "ftp://host/users/x",
      "file:///users/x",
      "javascript://host/users/x",
      "https:/host/users/x",
      "//host/users/x",
      "unknown/x/y",
      "unknown_things/x/y/z",
      "webhook_subscriptions/me",
      "invitees/x/y",
      "E/me",
      "users/" + std::string(101, 'x'),
      std::string(101, 'x'),
      std::string(1'000'000, '/'),
  };
  for (const auto& text : texts) {
    INFO(text.substr(0, 100));
    CHECK(!parse_resource(text));
  }
  CHECK(parse_resource(std::string(100, 'x')));
}

TEST_CASE("an argument of a known kind may not be of another") {
  CHECK(parse_resource_of(Kind::organization, "x")->path() == "/organizations/x");
  CHECK(parse_resource_of(Kind::user, "me")->path() == "/users/me");
  CHECK(parse_resource_of(Kind::group, "https://h/groups/x")->path() == "/groups/x");
  for (const std::string text : {"users/x", "https://h/webhook_subscriptions/x", "me", "a/b", ""}) {
    INFO(text);
    CHECK(!parse_resource_of(Kind::organization, text));
  }
}

TEST_CASE("the characters of an id") {
  for (int c = 0; c < 256; ++c) {
    INFO(c);
    const char character = static_cast<char>(c);
    const bool allowed =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    CHECK(is_id(std::string(1, character)) == allowed);
  }
}
