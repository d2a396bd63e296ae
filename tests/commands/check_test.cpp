// check over time and over several accounts.
#include <filesystem>
#include <fstream>

#include "api/codec.hpp"
#include "catch.hpp"
#include "commands/faulty_network.hpp"
#include "program/process.hpp"

using namespace bookafy;

namespace {

/// An account with one subscription whose deliveries fail until that time.
void ail_until(FaultyNetwork& network, std::chrono::steady_clock::time_point recovery) {
  REQUIRE(network.run({"create", "--url", "https://hooks.example.org/a", "-e", "invitee.created"}).status == 0);
  network.fault = [&network, recovery](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    auto response = network.deliver(request);
    const auto at = response.body.find("\"retry_started_at\":null");
    if (at != std::string::npos && network.time.steady < recovery)
      response.body.replace(at, 23, "\"retry_started_at\":\"2026-11-23T08:00:00.000000Z\"");
    return response;
  };
}

}  // namespace

TEST_CASE("check --wait ends as soon as all is well") {
  FaultyNetwork network;
  const auto begin = network.time.steady;
  ail_until(network, begin + std::chrono::seconds(20));
  const Run run = network.run({"check", "--wait", "60"});
  INFO(run.err);
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  CHECK(run.err ==
        "bookafy: 1 finding; looking again for 60 s\n"
        "bookafy: healthy: 1 subscriptions\n");
  CHECK(network.time.steady - begin >= std::chrono::seconds(20));
  CHECK(network.time.steady - begin <= std::chrono::seconds(25));
  // Whose they are is asked once.
  CHECK(std::count(run.sent.begin(), run.sent.end(), "GET /users/me") == 1);
}

TEST_CASE("check --wait gives up when its time is up, after a last look") {
  FaultyNetwork network;
  const auto begin = network.time.steady;
  ail_until(network, begin + std::chrono::hours(1));
  const Run run = network.run({"check", "--wait", "60", "-o", "json"});
  CHECK(run.status == 13);
  CHECK(network.time.steady - begin == std::chrono::seconds(60));
  const Value rows = codec::decode(run.out);
  REQUIRE(rows.array());
  REQUIRE(rows.array()->size() == 1);
  const Value& row = rows.array()->front();
  CHECK(row.text_at("finding") == "failing");
  CHECK(row.text_at("since") == "2026-11-23T08:00:00.000000Z");
  // The API's clock is the one that counts: 09:16:42 by now.
  REQUIRE(row.find("seconds_left")->integer());
  CHECK(*row.find("seconds_left")->integer() == 24 * 3600 - (76 * 60 + 43));
  CHECK(row.text_at("detail") == "deliveries have failed for 1 h 16 min; 22 h 43 min left until it is disabled");
}

TEST_CASE("an account that cannot be looked at is told, and does not hide that the others are well") {
  FaultyNetwork network;
  const program::TemporaryFolder home;
  network.environment["XDG_CONFIG_HOME"] = home.path().string();
  for (const std::string name : {"a", "b"})
    REQUIRE(network.run({"login", "--profile", name}, "sandbox-owner").status == 0);
  network.fault = [&, refusals = 0](std::size_t, const http::Request& request) mutable -> std::optional<http::Outcome> {
    if (request.url.find("/webhook_subscriptions") == std::string::npos || refusals++ > 0) return std::nullopt;
    return http::Response{401, {}, R"({"title":"Unauthenticated","message":"The access token is invalid"})"};
  };
  const Run run = network.run({"check", "--all-profiles"});
  INFO(run.err);
  CHECK(run.status == 10);
  CHECK(run.err.find("error: profile a: ") != std::string::npos);

  // One that others can read is refused, and the rest is looked at.
  network.fault = nullptr;
  std::filesystem::permissions(home.path() / "bookafy" / "b.json", std::filesystem::perms(0644));
  const Run open = network.run({"check", "--all-profiles"});
  CHECK(open.status == 10);
  CHECK(open.err.find("chmod 600") != std::string::npos);
}
