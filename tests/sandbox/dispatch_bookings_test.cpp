// What happens through the sandbox's own endpoints, and the deliveries that tell of it.
#include <map>
#include <random>

#include "sandbox/guest.hpp"
#include "sandbox/outbox_fixture.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;

namespace {

/// The envelopes of everything that is due, by event; each event may come once.
std::map<std::string, Value> told(Deliveries& deliveries) {
  std::map<std::string, Value> told;
  for (const auto& request : deliveries.send(200)) {
    const Value body = envelope(request);
    CHECK(told.emplace(body.text_at("event"), *body.find("payload")).second);
  }
  return told;
}

struct Told : DeliveriesFixture {
  Told() {
    Value body = codec::decode(create_body("organization"));
    body.set("events",
             Value::Array{"invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"});
    subscribe("owner", codec::encode(body));
  }

  /// A new booking of which everybody has been told.
  Value booked() {
    Value invitee = deliveries.book();
    deliveries.send(200);
    return invitee;
  }
};

Value about(const Value& invitee) { return Value::Object{{"invitee", invitee.text_at("uri")}}; }

std::int64_t number_at(const Value& document, std::string_view path) {
  const Value* found = document.at_path(path);
  return found && found->integer() ? *found->integer() : -1;
}

/// The payload without its scheduled event is the invitee as the API shows it now.
void check_is_invitee(ApiFixture& sandbox, const Value& payload) {
  Value invitee = payload;
  std::erase_if(*invitee.object(), [](const Value::Member& member) { return member.first == "scheduled_event"; });
  const std::string path = payload.text_at("uri").substr(SandboxTransport::base_url.size());
  CHECK(invitee == *sandbox.body("owner", path).find("resource"));
}

}  // namespace

TEST_CASE("an invitee who cancels takes a one-to-one event along") {
  Told sandbox;
  const Value invitee = sandbox.booked();
  const Value answer =
      sandbox.deliveries.post("member", "/sandbox/cancellations",
                              Value::Object{{"invitee", invitee.text_at("uri")}, {"reason", "Zug verpasst"}});
  CHECK(answer.text_at("status") == "canceled");
  const auto deliveries = told(sandbox.deliveries);
  REQUIRE(deliveries.size() == 1);
  const Value& payload = deliveries.at("invitee.canceled");
  check_is_invitee(sandbox, payload);
  CHECK(payload.text_at("uri") == invitee.text_at("uri"));
  CHECK(*payload.find("rescheduled") == Value(false));
  CHECK(payload.find("new_invitee")->is_null());
  CHECK(text_at(payload, "cancellation.canceled_by") == invitee.text_at("name"));
  CHECK(text_at(payload, "cancellation.canceler_type") == "invitee");
  CHECK(text_at(payload, "cancellation.reason") == "Zug verpasst");
  CHECK(text_at(payload, "scheduled_event.status") == "canceled");
  CHECK(number_at(payload, "scheduled_event.invitees_counter.active") == 0);
  CHECK(payload.at_path("scheduled_event.cancellation"));
  CHECK_FALSE(payload.at_path("scheduled_event.calendar_event"));
}

TEST_CASE("a group event goes on without one of its invitees") {
  Told sandbox;
  std::string invitee;
  for (const auto& [number, record] : sandbox.world.all("invitees"))
    if (record.document.text_at("status") == "active" &&
        sandbox.world.find(record.document.text_at("event"))->document.text_at("name").starts_with("Workshop"))
      invitee = record.document.text_at("uri");
  sandbox.deliveries.post("owner", "/sandbox/cancellations", Value::Object{{"invitee", full(invitee)}});
  const auto deliveries = told(sandbox.deliveries);
  REQUIRE(deliveries.size() == 1);
  const Value& payload = deliveries.at("invitee.canceled");
  CHECK(text_at(payload, "scheduled_event.status") == "active");
  CHECK(number_at(payload, "scheduled_event.invitees_counter.active") == 4);
  CHECK_FALSE(payload.at_path("scheduled_event.cancellation"));
}

TEST_CASE("a reschedule is a cancellation and a booking that know each other") {
  Told sandbox;
  const Value old = sandbox.booked();
  const Value moved =
      sandbox.deliveries.post("owner", "/sandbox/reschedulings",
                              Value::Object{{"invitee", old.text_at("uri")}, {"start_time", "2027-01-07T09:00:00Z"}});
  const auto deliveries = told(sandbox.deliveries);
  REQUIRE(deliveries.size() == 2);
  const Value& canceled = deliveries.at("invitee.canceled");
  const Value& created = deliveries.at("invitee.created");
  check_is_invitee(sandbox, canceled);
  check_is_invitee(sandbox, created);
  CHECK(canceled.text_at("uri") == old.text_at("uri"));
  CHECK(*canceled.find("rescheduled") == Value(true));
  CHECK(canceled.text_at("new_invitee") == moved.text_at("uri"));
  CHECK(canceled.find("cancellation"));
  CHECK(created.text_at("uri") == moved.text_at("uri"));
  CHECK(created.text_at("old_invitee") == old.text_at("uri"));
  CHECK(created.text_at("status") == "active");
  CHECK(*created.find("rescheduled") == Value(false));
  CHECK(created.text_at("email") == old.text_at("email"));
  CHECK(created.text_at("event") != old.text_at("event"));
  CHECK(text_at(created, "scheduled_event.start_time") == "2027-01-07T09:00:00.000000Z");
  CHECK(text_at(canceled, "scheduled_event.status") == "canceled");
}

TEST_CASE("nobody can rely on the order of a reschedule's two deliveries") {
  Told sandbox;
  std::set<std::string> first;
  for (int i = 0; i < 20; ++i) {
    const Value invitee = sandbox.booked();
    sandbox.deliveries.post("owner", "/sandbox/reschedulings", about(invitee));
    first.insert(envelope(sandbox.deliveries.send(200).front()).text_at("event"));
  }
  CHECK(first == std::set<std::string>{"invitee.canceled", "invitee.created"});
}

TEST_CASE("the API's own cancellation and no-shows are told, too") {
  Told sandbox;
  const Value invitee = sandbox.booked();
  const std::string event = invitee.text_at("event").substr(SandboxTransport::base_url.size());
  const Value no_show = sandbox.deliveries.post("owner", "/invitee_no_shows", about(invitee));
  auto deliveries = told(sandbox.deliveries);
  REQUIRE(deliveries.size() == 1);
  CHECK(text_at(deliveries.at("invitee_no_show.created"), "no_show.uri") == no_show.text_at("uri"));
  CHECK(deliveries.at("invitee_no_show.created").text_at("status") == "active");

  REQUIRE(sandbox.send("owner", "DELETE", no_show.text_at("uri").substr(SandboxTransport::base_url.size())).status ==
          204);
  deliveries = told(sandbox.deliveries);
  REQUIRE(deliveries.size() == 1);
  CHECK(deliveries.at("invitee_no_show.deleted").find("no_show")->is_null());

  sandbox.deliveries.post("owner", "/sandbox/no_shows", about(invitee));
  CHECK(told(sandbox.deliveries).count("invitee_no_show.created") == 1);

  sandbox.deliveries.post("owner", event + "/cancellation");
  deliveries = told(sandbox.deliveries);
  REQUIRE(deliveries.size() == 1);
  check_is_invitee(sandbox, deliveries.at("invitee.canceled"));
  CHECK(text_at(deliveries.at("invitee.canceled"), "cancellation.canceler_type") == "host");
}

TEST_CASE("the sandbox's own endpoints refuse what cannot happen") {
  Told sandbox;
  const Value invitee = sandbox.booked();
  const std::string uri = codec::encode(about(invitee));
  sandbox.deliveries.post("owner", "/sandbox/cancellations", about(sandbox.booked()));
  const Value gone = sandbox.booked();
  sandbox.deliveries.post("owner", "/sandbox/cancellations", about(gone));
  const std::string unknown_invitee = R"({"invitee":")" + full("/scheduled_events/none/invitees/none") + R"("})";
  struct Row {
    std::string token, endpoint, body;
    int status;
    std::string answer;
  };
  const std::vector<Row> rows{
      {"", "bookings", "", 401, ""},
      {"readonly", "bookings", "", 403, ""},
      {"owner", "bookings", R"({"host":"x"})", 400, details(R"({"message":"is invalid","parameter":"host"})")},
      {"owner", "bookings", R"({"host":")" + full("/users/none") + R"("})", 400,
       details(R"({"message":"is unknown","parameter":"host"})")},
      {"owner", "bookings", R"({"host":")" + full(seed::basic_owner) + R"("})", 403,
       denied("This user is not in your organization")},
      {"owner", "bookings", R"({"start_time":"2020-01-01T00:00:00Z"})", 400,
       details(R"({"message":"is invalid","parameter":"start_time"})")},
      {"owner", "cancellations", "", 400, details(R"({"message":"is missing","parameter":"invitee"})")},
      {"owner", "cancellations", unknown_invitee, 400, details(R"({"message":"is unknown","parameter":"invitee"})")},
      {"owner", "cancellations", codec::encode(about(gone)), 403, denied("Event is already canceled")},
      {"owner", "reschedulings", codec::encode(about(gone)), 403, denied("Event is already canceled")},
      {"basic", "cancellations", uri, 403, denied("This user is not in your organization")},
      {"basic", "no_shows", uri, 403, denied("This user is not in your organization")},
      {"basic", "routing_form_submissions", "", 400, details(R"({"message":"is missing","parameter":"form"})")},
  };
  for (const Row& row : rows) {
    const auto response = sandbox.send(row.token, "POST", "/sandbox/" + row.endpoint, row.body);
    INFO(row.token << ' ' << row.endpoint << ' ' << row.body << '\n' << response.body);
    CHECK(response.status == row.status);
    if (!row.answer.empty()) CHECK(response.body == row.answer);
  }
}

TEST_CASE("the delivery log shows each attempt to the organization's people") {
  Told sandbox;
  sandbox.deliveries.book();
  sandbox.deliveries.send(503);
  const Value log = sandbox.body("member", "/sandbox/deliveries?state=pending");
  REQUIRE(log.find("collection")->array()->size() == 1);
  const Value& row = log.find("collection")->array()->front();
  CHECK(row.text_at("event") == "invitee.created");
  CHECK(row.text_at("subscription").starts_with(SandboxTransport::base_url + "/webhook_subscriptions/"));
  CHECK(number_at(row, "attempts.0.number") == 1);
  CHECK(number_at(row, "attempts.0.status") == 503);
  CHECK(text_at(row, "attempts.0.at") == format_timestamp(sandbox.fixed.now));
  CHECK(row.text_at("next_attempt_at") == format_timestamp(sandbox.fixed.now + std::chrono::minutes(1)));
  CHECK_FALSE(row.find("envelope"));
  CHECK(sandbox.body("owner", "/sandbox/deliveries?state=delivered").find("collection")->array()->empty());
  CHECK(sandbox.body("basic", "/sandbox/deliveries").find("collection")->array()->empty());
  CHECK(sandbox.body("owner", "/sandbox/deliveries?" + write_query({{"subscription", row.text_at("subscription")}}))
            .find("collection")
            ->array()
            ->size() == 1);

  const std::string one = row.text_at("uri").substr(SandboxTransport::base_url.size());
  CHECK(text_at(sandbox.body("owner", one), "resource.envelope.event") == "invitee.created");
  CHECK(sandbox.get("basic", one).status == 403);
}

TEST_CASE("guests follow from chance alone, and come from many places") {
  std::mt19937_64 engine;
  std::mt19937_64 twin;
  const auto one = bookafy::sandbox::Surroundings{.random = [&] { return engine(); }};
  const auto same = bookafy::sandbox::Surroundings{.random = [&] { return twin(); }};
  std::set<std::string> timezones;
  std::set<std::string> names;
  for (int i = 0; i < 200; ++i) {
    const Guest guest = draw_guest(one);
    CHECK(guest.email == draw_guest(same).email);
    timezones.insert(guest.timezone);
    names.insert(guest.name);
  }
  CHECK(timezones.size() >= 10);
  CHECK(names.size() >= 50);
}
