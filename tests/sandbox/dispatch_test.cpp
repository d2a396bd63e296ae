// What subscribers are sent, and when.
#include "bookafy/signature.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/folder.hpp"
#include "sandbox/outbox_fixture.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;
using namespace std::chrono_literals;

namespace {

using Urls = std::multiset<std::string>;

std::string subscription_of(std::string_view url, std::string_view event, std::string_view key = {}) {
  Value body = codec::decode(create_body("organization", {}, {}, url, event));
  if (!key.empty()) body.set("signing_key", key);
  return codec::encode(body);
}

/// Minutes from the start to each attempt of the delivery.
std::vector<std::int64_t> minutes_of(const Value& delivery, Timestamp start) {
  std::vector<std::int64_t> minutes;
  for (const Value& attempt : *delivery.find("attempts")->array())
    minutes.push_back(
        std::chrono::duration_cast<std::chrono::minutes>(*parse_timestamp(attempt.text_at("at")) - start).count());
  return minutes;
}

const http::Outcome refused = http::Failure{http::Failure::Reason::connect, false, "connection refused"};

}  // namespace

TEST_CASE("each scope hears of its own hosts' bookings") {
  struct Row {
    std::string_view token, host;
    Urls told;
  };
  const auto row =
      GENERATE(Row{"owner", seed::owner, {"https://h/organization", "https://h/owner"}},
               Row{"owner", seed::admin, {"https://h/organization"}},
               Row{"owner", seed::member, {"https://h/organization", "https://h/member", "https://h/other"}},
               Row{"owner", seed::group_admin, {"https://h/organization", "https://h/group"}},
               Row{"basic", seed::basic_owner, {"https://h/basic"}});
  DeliveriesFixture sandbox;
  sandbox.subscribe("owner", create_body("organization", {}, {}, "https://h/organization"));
  sandbox.subscribe("owner", create_body("user", seed::owner, {}, "https://h/owner"));
  sandbox.subscribe("member", create_body("user", seed::member, {}, "https://h/member"));
  sandbox.subscribe("group-admin", create_body("group", {}, seed::group, "https://h/group"));
  sandbox.subscribe("admin", create_body("group", {}, seed::other_group, "https://h/other"));
  sandbox.subscribe(
      "basic", create_body("organization", {}, {}, "https://h/basic", "invitee.created", seed::basic_organization));
  sandbox.subscribe("owner", create_body("organization", {}, {}, "https://h/canceled", "invitee.canceled"));
  sandbox.deliveries.book(row.host, row.token);
  CHECK(urls(sandbox.deliveries.send(200)) == row.told);
}

TEST_CASE("only organization scope hears of routing forms") {
  DeliveriesFixture sandbox;
  sandbox.subscribe("owner", create_body("organization", {}, {}, "https://h/forms", "routing_form_submission.created"));
  sandbox.subscribe("owner", create_body("user", seed::owner, {}, "https://h/owner"));
  const Value submission = sandbox.deliveries.post("member", "/sandbox/routing_form_submissions");
  const auto sent = sandbox.deliveries.send(200);
  REQUIRE(urls(sent) == Urls{"https://h/forms"});
  CHECK(*envelope(sent[0]).find("payload") == submission);
}

TEST_CASE("a user who left the organization is told nothing more") {
  DeliveriesFixture sandbox;
  sandbox.subscribe("member", create_body("user", seed::member));
  std::string membership;
  for (const auto& [number, record] : sandbox.world.all("organization_memberships"))
    if (record.document.text_at("user") == seed::member) membership = record.document.text_at("uri");
  const Value booked = sandbox.deliveries.book(seed::member);
  CHECK(sandbox.deliveries.send(200).size() == 1);
  REQUIRE(sandbox.send("owner", "DELETE", membership).status == 204);
  sandbox.deliveries.world.apply(
      {{}, {}, {{"invitee.created", std::string(seed::organization), {std::string(seed::member)}, booked, {}}}});
  CHECK(sandbox.deliveries.send(200).empty());
}

TEST_CASE("a delivery has the documented headers and is signed when there is a key") {
  DeliveriesFixture sandbox;
  sandbox.subscribe("owner", subscription_of("https://h/signed", "invitee.created", "the key"));
  sandbox.subscribe("owner", subscription_of("https://h/unsigned", "invitee.created"));
  const Value invitee = sandbox.deliveries.book();
  const auto sent = sandbox.deliveries.send(204);
  REQUIRE(sent.size() == 2);
  for (const auto& request : sent) {
    const bool is_signed = request.url == "https://h/signed";
    CHECK(request.method == "POST");
    std::vector<std::string> lines;
    for (const auto& [name, value] : request.headers) lines.push_back(name + ": " + value);
    std::vector<std::string> expected{"User-Agent: Bookafy", "Content-Type: application/json", "Accept: */*",
                                      "Accept-Encoding: gzip"};
    const auto now = std::chrono::floor<std::chrono::seconds>(sandbox.fixed.now);
    if (is_signed)
      expected.push_back("Bookafy-Webhook-Signature: " + signature_header(Secret("the key"), now, request.body));
    CHECK(lines == expected);

    const Value body = envelope(request);
    CHECK(body.text_at("created_at") == format_timestamp(now));
    CHECK(body.text_at("created_by") == full(seed::owner));
    CHECK(body.text_at("event") == "invitee.created");
    CHECK(text_at(body, "payload.uri") == invitee.text_at("uri"));
    CHECK(text_at(body, "payload.scheduled_event.uri") == invitee.text_at("event"));
    CHECK(text_at(body, "payload.scheduled_event.event_memberships.0.user") == full(seed::owner));
    CHECK(body.object()->size() == 4);
  }
  CHECK(codec::encode(Value(sandbox.body("owner", "/sandbox/deliveries"))).find("the key") == std::string::npos);
}

TEST_CASE("only 2xx is success") {
  struct Row {
    http::Outcome outcome;
    bool success;
  };
  auto status = [](int code) { return http::Outcome(http::Response{code, {}, {}}); };
  const auto row = GENERATE_COPY(Row{status(200), true}, Row{status(204), true}, Row{status(299), true},
                                 Row{status(301), false}, Row{status(308), false}, Row{status(304), false},
                                 Row{status(401), false}, Row{status(503), false}, Row{refused, false});
  DeliveriesFixture sandbox;
  const std::string subscription = sandbox.subscribe("owner", create_body("organization"));
  sandbox.deliveries.book();
  sandbox.deliveries.send(row.outcome);
  CHECK(sandbox.deliveries.delivery(0).text_at("state") == (row.success ? "delivered" : "pending"));
  CHECK(sandbox.deliveries.document(subscription).text_at("retry_started_at").empty() == row.success);
}

TEST_CASE("a 410 deletes the subscription at once") {
  DeliveriesFixture sandbox;
  const std::string subscription = sandbox.subscribe("owner", create_body("organization"));
  for (int i = 0; i < 6; ++i) sandbox.deliveries.book();
  CHECK(sandbox.deliveries.send(410).size() > 1);
  CHECK(sandbox.world.find(subscription) == nullptr);
  for (std::size_t i = 0; i < 6; ++i) CHECK(sandbox.deliveries.delivery(i).text_at("state") == "abandoned");
  CHECK_FALSE(sandbox.deliveries.outbox.due());
  CHECK(sandbox.deliveries.send(200).empty());
}

TEST_CASE("a failing receiver is tried for 24 hours, ever more rarely, then its subscription is disabled") {
  DeliveriesFixture sandbox;
  Deliveries& deliveries = sandbox.deliveries;
  const std::string path = sandbox.subscribe("owner", create_body("organization"));
  const Timestamp start = sandbox.fixed.now + 10s;
  sandbox.fixed.now = start;
  deliveries.book();
  for (int tries = 0; tries == 0 || deliveries.outbox.due(); ++tries) {
    REQUIRE(tries < 100);
    sandbox.fixed.now = std::max(start, deliveries.outbox.due().value_or(start));
    if (tries == 5) deliveries.book();
    deliveries.send(refused);
    const Value& subscription = deliveries.document(path);
    CHECK(subscription.text_at("retry_started_at") == format_timestamp(start));
    if (tries == 0) CHECK(subscription.text_at("updated_at") == format_timestamp(start));
    if (deliveries.outbox.due()) CHECK(subscription.text_at("state") == "active");
  }
  CHECK(minutes_of(deliveries.delivery(0), start) ==
        std::vector<std::int64_t>{0, 1, 3, 7, 15, 31, 63, 127, 255, 495, 735, 975, 1215, 1440});
  CHECK(sandbox.fixed.now == start + 24h);
  CHECK(deliveries.document(path).text_at("state") == "disabled");
  CHECK(deliveries.document(path).text_at("updated_at") == format_timestamp(start + 24h));
  CHECK(deliveries.delivery(0).text_at("state") == "abandoned");
  CHECK(deliveries.delivery(1).text_at("state") == "abandoned");
  CHECK(deliveries.delivery(1).find("next_attempt_at")->is_null());
  CHECK(text_at(deliveries.delivery(0), "attempts.0.failure") == "connection refused");

  deliveries.book();
  sandbox.fixed.now += 48h;
  CHECK(deliveries.send(200).empty());
  CHECK(deliveries.world.all("deliveries").size() == 2);
}

TEST_CASE("a success ends the failing, and the retry is the same body freshly signed") {
  DeliveriesFixture sandbox;
  Deliveries& deliveries = sandbox.deliveries;
  const std::string path = sandbox.subscribe("owner", subscription_of("https://h/", "invitee.created", "k"));
  deliveries.book();
  const auto first = deliveries.send(500);
  sandbox.fixed.now += 30s;
  CHECK(deliveries.send(200).empty());
  deliveries.book();
  CHECK(deliveries.send(500).size() == 1);
  sandbox.fixed.now += 30s;
  const auto second = deliveries.send(200);
  REQUIRE(second.size() == 1);
  CHECK(second[0].body == first[0].body);
  const auto now = std::chrono::floor<std::chrono::seconds>(sandbox.fixed.now);
  CHECK(SigningKey(Secret("k")).verify(second[0].headers.back().value, second[0].body, now, 0s) ==
        SignatureVerdict::valid);
  CHECK(deliveries.document(path).find("retry_started_at")->is_null());
  CHECK(deliveries.document(path).text_at("updated_at") == format_timestamp(sandbox.fixed.now));
  CHECK(deliveries.world.find(path)->signing_key.reveal() == "k");

  // The other one goes on, and starts a new period of failing.
  sandbox.fixed.now += 30s;
  CHECK(deliveries.send(500).size() == 1);
  CHECK(deliveries.document(path).text_at("retry_started_at") == format_timestamp(sandbox.fixed.now));
}

TEST_CASE("a delivery is given up after 24 hours of failing though others get through") {
  DeliveriesFixture sandbox;
  Deliveries& deliveries = sandbox.deliveries;
  const std::string path = sandbox.subscribe("owner", create_body("organization"));
  deliveries.book();
  deliveries.send(500);
  for (int hour = 0; hour < 30; ++hour) {
    sandbox.fixed.now += 1h;
    deliveries.book();
    std::vector<http::Completed> ended;
    for (const Attempt& attempt : deliveries.outbox.begin()) {
      const bool oldest = static_cast<std::int64_t>(attempt.id) == deliveries.world.all("deliveries").begin()->first;
      ended.push_back({attempt.id, http::Response{oldest ? 500 : 200, {}, {}}});
    }
    deliveries.outbox.finish(ended);
  }
  CHECK(deliveries.delivery(0).text_at("state") == "abandoned");
  CHECK(deliveries.delivery(1).text_at("state") == "delivered");
  CHECK(deliveries.document(path).text_at("state") == "active");
}

TEST_CASE("a subscription that does not answer keeps only itself waiting") {
  DeliveriesFixture sandbox;
  sandbox.subscribe("owner", create_body("organization", {}, {}, "https://h/slow"));
  sandbox.subscribe("owner", create_body("organization", {}, {}, "https://h/quick"));
  for (int i = 0; i < 10; ++i) sandbox.deliveries.book();
  std::multiset<std::string> begun;
  for (int round = 0; round < 5; ++round) {
    std::vector<http::Completed> ended;
    for (const Attempt& attempt : sandbox.deliveries.outbox.begin()) {
      begun.insert(attempt.request.url);
      if (attempt.request.url == "https://h/quick") ended.push_back({attempt.id, http::Response{200, {}, {}}});
    }
    sandbox.deliveries.outbox.finish(ended);
  }
  CHECK(begun.count("https://h/quick") == 10);
  CHECK(begun.count("https://h/slow") == 4);
  CHECK(sandbox.deliveries.outbox.under_way() == 4);
  CHECK_FALSE(sandbox.deliveries.outbox.due());
}

TEST_CASE("a deleted subscription gets nothing more, not even what it waited for") {
  DeliveriesFixture sandbox;
  const std::string path = sandbox.subscribe("owner", create_body("organization"));
  sandbox.deliveries.book();
  sandbox.deliveries.send(500);
  REQUIRE(sandbox.send("owner", "DELETE", path).status == 204);
  sandbox.fixed.now += 1h;
  CHECK(sandbox.deliveries.send(200).empty());
  CHECK(sandbox.deliveries.delivery(0).text_at("state") == "abandoned");
}

TEST_CASE("pending deliveries survive the end of the sandbox, and one under way is made again") {
  const Folder folder;
  const std::string file = folder.file("sandbox.db");
  FixedSurroundings fixed;
  std::string body;
  {
    World world(std::make_unique<Store>(file), seed_world());
    Api api(world, fixed.surroundings(), SandboxTransport::base_url, 1000);
    Deliveries deliveries(fixed, world, api);
    Value wished = codec::decode(create_body("organization"));
    wished.set("signing_key", "kept");
    deliveries.post("owner", "/webhook_subscriptions", wished);
    deliveries.book();
    CHECK(deliveries.send(200).size() == 1);
    deliveries.book();
    const auto under_way = deliveries.outbox.begin();
    REQUIRE(under_way.size() == 1);
    body = under_way[0].request.body;
  }
  fixed.now += 90s;
  World world(std::make_unique<Store>(file), seed_world());
  Api api(world, fixed.surroundings(), SandboxTransport::base_url, 1000);
  Deliveries deliveries(fixed, world, api);
  const auto again = deliveries.send(200);
  REQUIRE(again.size() == 1);
  CHECK(again[0].body == body);
  const auto now = std::chrono::floor<std::chrono::seconds>(fixed.now);
  CHECK(again[0].headers.back().value == signature_header(Secret("kept"), now, body));
  CHECK(deliveries.send(200).empty());
}

TEST_CASE("the log forgets the oldest deliveries and no pending one") {
  DeliveriesFixture sandbox;
  sandbox.subscribe("owner", create_body("organization"));
  sandbox.deliveries.book();
  sandbox.deliveries.send(500);
  for (std::size_t i = 0; i < kept_deliveries + 50; ++i) {
    sandbox.deliveries.book();
    sandbox.deliveries.send(200);
  }
  CHECK(sandbox.deliveries.world.all("deliveries").size() <= kept_deliveries + 5);
  CHECK(sandbox.deliveries.delivery(0).text_at("state") == "pending");
}

TEST_CASE("the sandbox's clock runs faster, goes on where it stopped, and leaves the outside alone") {
  FixedSurroundings fixed;
  const Timestamp start = fixed.now;
  World world(seed_world());
  const auto fast = sandbox_time(fixed.surroundings(), 1000, world);
  fixed.now += 2s;
  CHECK(fast.now() == start + 2000s);
  CHECK(fast.now_outside() == start + 2s);
  CHECK(sandbox_time(fixed.surroundings(), 1, world).now() == fixed.now);

  world.apply(
      {{{0, Value::Object{{"uri", "/sandbox/deliveries/1"}, {"updated_at", format_timestamp(start + 24h)}}, {}}}});
  const auto later = sandbox_time(fixed.surroundings(), 1, world);
  fixed.now += 5s;
  CHECK(later.now() == start + 24h + 5s);
  CHECK(later.now_outside() == fixed.now);

  const auto fastest = sandbox_time(fixed.surroundings(), most_clock_speed, world);
  fixed.now += 24h;
  CHECK(format_timestamp(fastest.now()) == "2200-01-01T00:00:00.000000Z");
}
