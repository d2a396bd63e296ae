#include "bookafy/health.hpp"

#include "catch.hpp"

using namespace bookafy;

namespace {

const Timestamp now = *parse_timestamp("2026-11-23T12:00:00Z");

Subscription one(int number, const std::string& url, std::vector<std::string> events = {"invitee.created"},
                 const std::string& scope = "user", const std::string& whose = "u1") {
  Subscription subscription;
  subscription.uri = "https://api.example.org/webhook_subscriptions/" + std::to_string(number);
  subscription.callback_url = url;
  subscription.events = std::move(events);
  subscription.scope = scope;
  subscription.state = "active";
  subscription.organization = "https://api.example.org/organizations/" + (scope == "organization" ? whose : "o1");
  if (scope == "user") subscription.user = "https://api.example.org/users/" + whose;
  if (scope == "group") subscription.group = "https://api.example.org/groups/" + whose;
  return subscription;
}

bool overlap(const Subscription& a, const Subscription& b) {
  const auto findings = find_ailments(std::vector{a, b}, now);
  if (findings.empty()) return false;
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].ailment == Ailment::overlap);
  CHECK(findings[0].subscription.uri == b.uri);
  CHECK(findings[0].other == a.uri);
  return true;
}

}  // namespace

TEST_CASE("a disabled one is found, and no more is said of it") {
  auto ill = one(1, "https://a.example.org");
  ill.state = "disabled";
  ill.retry_started_at = "2026-11-20T12:00:00Z";
  const auto findings = find_ailments(std::vector{ill, one(2, "https://a.example.org")}, now);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].ailment == Ailment::disabled);
}

TEST_CASE("a failing one is found with what is left of its day") {
  struct Row {
    std::string since;
    std::optional<std::chrono::seconds> left;
  };
  for (const auto& [since, left] :
       std::vector<Row>{{"2026-11-23T11:00:00.000000Z", std::chrono::hours(23)},
                        {"2026-11-23T11:59:59.500000Z", std::chrono::seconds(24 * 3600 - 1)},
                        {"2026-11-22T12:00:01.000000Z", std::chrono::seconds(1)},
                        {"2026-11-21T00:00:00.000000Z", std::chrono::seconds(0)},
                        {"2026-11-24T00:00:00.000000Z", std::chrono::hours(24)},
                        {"some time ago", std::nullopt}}) {
    auto ill = one(1, "https://a.example.org");
    ill.retry_started_at = since;
    INFO(since);
    const auto findings = find_ailments(std::vector{ill}, now);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].ailment == Ailment::failing);
    CHECK(findings[0].since == since);
    CHECK(findings[0].left == left);
  }
}

TEST_CASE("two that send the same of the same people to the same host overlap") {
  const auto first = one(1, "https://hooks.example.org/a");
  CHECK(overlap(first, one(2, "https://hooks.example.org/a/")));
  CHECK(overlap(first, one(2, "https://HOOKS.example.org/A")));
  CHECK(overlap(first, one(2, "https://hooks.example.org/a?x=1")));
  CHECK(overlap(first, one(2, "https://hooks.example.org:443/b")));
  CHECK(overlap(first, one(2, "http://hooks.example.org/a")));
  CHECK(overlap(first, one(2, "https://hooks.example.org/b", {"contact.created", "invitee.created"})));
  CHECK(overlap(first, one(2, "https://hooks.example.org/b", {"invitee.created"}, "organization", "o1")));
  CHECK(overlap(one(1, "https://h.example.org", {"invitee.created"}, "organization", "o1"),
                one(2, "https://h.example.org", {"invitee.created"}, "group", "g1")));
  CHECK(overlap(one(1, "https://h.example.org", {"invitee.created"}, "group", "g1"),
                one(2, "https://h.example.org", {"invitee.created"}, "group", "g1")));

  CHECK_FALSE(overlap(first, one(2, "https://other.example.org/a")));
  CHECK_FALSE(overlap(first, one(2, "https://hooks.example.org:8443/a")));
  CHECK_FALSE(overlap(first, one(2, "https://hooks.example.org/a", {"invitee.canceled"})));
  CHECK_FALSE(overlap(first, one(2, "https://hooks.example.org/a", {"invitee.created"}, "user", "u2")));
  CHECK_FALSE(overlap(first, one(2, "https://hooks.example.org/a", {"invitee.created"}, "organization", "o2")));
  CHECK_FALSE(overlap(one(1, "https://h.example.org", {"invitee.created"}, "group", "g1"),
                      one(2, "https://h.example.org", {"invitee.created"}, "group", "g2")));
}

TEST_CASE("many at one host give a finding each, not one a pair") {
  std::vector<Subscription> many;
  for (int i = 0; i < 1000; ++i) many.push_back(one(i, "https://hooks.example.org/" + std::to_string(i)));
  CHECK(find_ailments(many, now).size() == 999);
}
