// Pages of lists, forwards and backwards.
#include <set>

#include "sandbox/api_fixture.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;

namespace {

const std::string events_target =
    "/scheduled_events?" + parameter("organization", seed::organization) + "&sort=start_time:desc";

std::string relative(const Value& list, std::string_view key) {
  const Value* link = list.at_path(std::string("pagination.").append(key));
  const std::string* text = link ? link->string() : nullptr;
  return text ? text->substr(SandboxTransport::base_url.size()) : std::string();
}

std::vector<std::string> uris(const Value& list) {
  std::vector<std::string> found;
  for (const Value& row : *list.find("collection")->array()) found.push_back(row.text_at("uri"));
  return found;
}

}  // namespace

TEST_CASE("all pages together are the list, each row once, in order") {
  ApiFixture sandbox;
  const std::size_t total = sandbox.world.all("scheduled_events").size();
  std::vector<std::vector<std::string>> pages;
  std::string last_start = "9999";
  std::string last;
  for (std::string target = events_target + "&count=7"; !target.empty();) {
    const Value list = sandbox.body("owner", target);
    pages.push_back(uris(list));
    CHECK(*list.at_path("pagination.count")->integer() == static_cast<std::int64_t>(pages.back().size()));
    for (const Value& row : *list.find("collection")->array()) {
      CHECK(row.text_at("start_time") <= last_start);
      last_start = row.text_at("start_time");
    }
    last = target;
    target = relative(list, "next_page");
  }
  std::set<std::string> seen;
  for (const auto& page : pages) seen.insert(page.begin(), page.end());
  CHECK(seen.size() == total);
  CHECK(pages.size() == (total + 6) / 7);

  // The way back is the same.
  std::size_t back = pages.size() - 1;
  for (std::string target = relative(sandbox.body("owner", last), "previous_page"); !target.empty();) {
    const Value list = sandbox.body("owner", target);
    REQUIRE(back > 0);
    CHECK(uris(list) == pages[--back]);
    target = relative(list, "previous_page");
  }
  CHECK(back == 0);
}

TEST_CASE("a list has twenty rows unless asked otherwise, and links that repeat the query") {
  ApiFixture sandbox;
  const Value list = sandbox.body("owner", events_target);
  CHECK(uris(list).size() == 20);
  const std::string token = *list.at_path("pagination.next_page_token")->string();
  CHECK(token.size() == 32);
  CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
        std::string::npos);
  CHECK(*list.at_path("pagination.next_page")->string() == full("/scheduled_events?") +
                                                               parameter("organization", seed::organization) +
                                                               "&sort=start_time%3Adesc&page_token=" + token);
  CHECK(list.at_path("pagination.previous_page")->is_null());
}

TEST_CASE("a page token belongs to its query and its user") {
  ApiFixture sandbox;
  const std::string invalid = details(R"({"message":"is invalid","parameter":"page_token"})");
  const Value list = sandbox.body("owner", events_target);
  const std::string token = "&page_token=" + *list.at_path("pagination.next_page_token")->string();
  CHECK(sandbox.get("owner", events_target + token).status == 200);
  CHECK(sandbox.get("owner", events_target + token).status == 200);
  for (const auto& target : {events_target + "&status=active" + token, events_target + "&count=5" + token,
                             "/scheduled_events?" + parameter("organization", seed::organization) + token,
                             "/routing_forms?" + parameter("organization", seed::organization) + token}) {
    CAPTURE(target);
    const auto response = sandbox.get("owner", target);
    CHECK(response.status == 400);
    CHECK(response.body == invalid);
  }
  CHECK(sandbox.get("admin", events_target + token).body == invalid);
}

TEST_CASE("a token outlives ten thousand younger ones by none") {
  ApiFixture sandbox;
  const std::string target = events_target + "&count=1";
  const Value list = sandbox.body("owner", target);
  const std::string first = target + "&page_token=" + *list.at_path("pagination.next_page_token")->string();
  for (int i = 1; i < 10'000; ++i) sandbox.get("owner", target);
  CHECK(sandbox.get("owner", first).status == 200);
  sandbox.get("owner", target);
  CHECK(sandbox.get("owner", first).status == 400);
}

TEST_CASE("rows that come and go do not move a page") {
  ApiFixture sandbox;
  std::vector<std::string> paths;
  for (char c = 'a'; c < 'f'; ++c) {
    sandbox.fixed.now += std::chrono::seconds(1);
    paths.push_back(
        sandbox.subscribe("owner", create_body("organization", {}, {}, std::string("https://hooks.example.org/") + c)));
  }
  const Value list = sandbox.body("owner", "/webhook_subscriptions?count=2&scope=organization&sort=created_at:asc&" +
                                               parameter("organization", seed::organization));
  CHECK(uris(list) == std::vector{full(paths[0]), full(paths[1])});
  for (int removed : {0, 1}) sandbox.send("owner", "DELETE", paths[static_cast<std::size_t>(removed)]);
  const Value next = sandbox.body("owner", relative(list, "next_page"));
  CHECK(uris(next) == std::vector{full(paths[2]), full(paths[3])});
  CHECK(next.at_path("pagination.previous_page")->is_null());
}
