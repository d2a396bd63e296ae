// Scheduled events, invitees, cancellation, no-shows: the rules and the small world.

#include "sandbox/api_fixture.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;

namespace {

/// The first event that passes the test.
template <typename Test>
Value find_booking(const ApiFixture& sandbox, const Test& test) {
  for (const auto& [number, record] : sandbox.world.all("scheduled_events"))
    if (test(record.document)) return record.document;
  FAIL("no such event in the world");
  return {};
}

bool is_ahead(const Value& event) {
  return event.text_at("status") == "active" && event.text_at("start_time") > "2030";
}

std::string host_of(const Value& event) { return *event.at_path("event_memberships.0.user")->string(); }

std::vector<Value> invitees_of(const ApiFixture& sandbox, const Value& event) {
  std::vector<Value> found;
  for (const auto& [number, record] : sandbox.world.all("invitees"))
    if (record.document.text_at("event") == event.text_at("uri")) found.push_back(record.document);
  return found;
}

}  // namespace

TEST_CASE("Ana Petrova's booking is as the API's documentation shows it") {
  ApiFixture sandbox;
  const std::string base = SandboxTransport::base_url;
  CHECK(
      sandbox.get("owner", std::string(seed::sample_invitee)).body ==
      R"({"resource":{"cancel_url":"https://bookafy.com/cancellations/16fd2706-8baf-433b-82eb-8c7fada847da",)"
      R"("created_at":"2026-11-20T10:02:11.554301Z","email":"ana.petrova@example.org","event":")" +
          base +
          R"(/scheduled_events/6fa459ea-ee8a-4ca4-894e-db77e160355e","first_name":null,"invitee_scheduled_by":null,)" +
          R"("last_name":null,"name":"Ana Petrova","new_invitee":null,"no_show":null,"old_invitee":null,)" +
          R"("payment":null,"questions_and_answers":[{"answer":"Quarterly review","position":0,)" +
          R"("question":"What shall we talk about?"}],"reconfirmation":null,)" +
          R"("reschedule_url":"https://bookafy.com/reschedulings/16fd2706-8baf-433b-82eb-8c7fada847da",)" +
          R"("rescheduled":false,"routing_form_submission":null,"scheduling_method":null,"status":"active",)" +
          R"("text_reminder_number":null,"timezone":"Europe/Sofia","tracking":{"utm_campaign":null,)" +
          R"("utm_source":"newsletter","utm_medium":null,"utm_content":null,"utm_term":null,)" +
          R"("salesforce_uuid":null},"updated_at":"2026-11-20T10:02:11.554301Z","uri":")" + base +
          std::string(seed::sample_invitee) + R"("}})");
}

TEST_CASE("who may list which events") {
  struct Row {
    std::string token, query;
    std::string body;  ///< empty: 200
  };
  const std::string no_permission = denied("You do not have permission");
  const std::vector<Row> rows{
      {"owner", ours, {}},
      {"admin", ours, {}},
      {"member", ours, no_permission},
      {"group-admin", ours, no_permission},
      {"basic", ours, denied("You do not have permission to access this resource.")},
      {"member", parameter("user", seed::member), {}},
      {"member", ours + "&" + parameter("user", seed::member), {}},
      {"member", ours + "&" + parameter("user", seed::owner), no_permission},
      {"admin", ours + "&" + parameter("user", seed::member), {}},
      {"admin", parameter("user", seed::member),
       denied("Please also specify organization when requesting events for a user within your organization.")},
      {"member", parameter("user", seed::owner), no_permission},
      {"owner", parameter("user", seed::basic_owner), denied("This user is not in your organization")},
      {"owner", ours + "&" + parameter("user", seed::basic_owner), denied("This user is not in your organization")},
      {"owner", parameter("group", seed::group), {}},
      {"group-admin", parameter("group", seed::group), {}},
      {"group-admin", parameter("group", seed::other_group), no_permission},
      {"member", parameter("group", seed::other_group), no_permission},
      {"owner", "status=active", details(R"({"message":"is missing","parameter":"organization"})")},
      {"owner", ours + "&status=gone", details(R"({"message":"is invalid","parameter":"status"})")},
      {"owner", ours + "&min_start_time=2026-02-30T00:00:00Z",
       details(R"({"message":"is invalid","parameter":"min_start_time"})")},
      {"owner", ours + "&max_start_time=tomorrow", details(R"({"message":"is invalid","parameter":"max_start_time"})")},
      {"owner", ours + "&sort=created_at:asc", details(R"({"message":"is invalid","parameter":"sort"})")},
      {"owner", parameter("organization", "/organizations/00000000-0000-4000-8000-000000000000"), unknown},
  };
  ApiFixture sandbox;
  for (const Row& row : rows) {
    CAPTURE(row.token, row.query);
    const auto response = sandbox.get(row.token, "/scheduled_events?" + row.query);
    if (row.body.empty())
      CHECK(response.status == 200);
    else
      CHECK(response.body == row.body);
  }
}

TEST_CASE("events are filtered by host, group, status, time and invitee") {
  ApiFixture sandbox;
  auto rows = [&](const std::string& filter) {
    return *sandbox.body("owner", "/scheduled_events?" + ours + "&count=100" + filter).find("collection")->array();
  };
  const std::size_t all = sandbox.world.all("scheduled_events").size();
  CHECK(rows("").size() == all);
  const std::size_t canceled = rows("&status=canceled").size();
  CHECK(canceled > 5);
  CHECK(rows("&status=active").size() + canceled == all);
  for (const Value& event : rows("&" + parameter("user", seed::member))) CHECK(host_of(event) == full(seed::member));
  CHECK(rows("&" + parameter("user", seed::member)).size() > 2);
  CHECK(rows("&" + parameter("group", seed::group)).size() > 2);
  CHECK(rows("&invitee_email=ANA.Petrova%40example.org").size() == 1);
  // From the beginning on, to before the end.
  const std::string start = rows("&count=1").front().text_at("start_time");
  CHECK(rows("&min_start_time=" + start).size() == all);
  CHECK(rows("&max_start_time=" + start).empty());
  CHECK(rows("&min_start_time=2026-12-01T14:00:00Z&max_start_time=2026-12-01T14:00:00.000001Z").size() == 1);
}

TEST_CASE("who may see an event and its invitees") {
  ApiFixture sandbox;
  const Value event = find_booking(sandbox, [](const Value& e) { return host_of(e) == seed::group_admin; });
  const std::string path = event.text_at("uri");
  const std::string invitee = invitees_of(sandbox, event).front().text_at("uri");
  for (const char* token : {"owner", "admin", "group-admin"})
    for (const std::string& target : {path, path + "/invitees", invitee})
      CHECK(sandbox.get(token, target).status == 200);
  for (const char* token : {"member", "basic"}) {
    CHECK(sandbox.get(token, path).body == denied("You are not allowed to view this event"));
    CHECK(sandbox.get(token, path + "/invitees").body == denied("You are not allowed to view this event"));
    CHECK(sandbox.get(token, invitee).body == denied("You do not have permission to view this event"));
  }
  CHECK(sandbox.get("owner", path + "/invitees/00000000-0000-4000-8000-000000000000").body == unknown);
  CHECK(sandbox.get("owner", std::string(seed::sample_event) + "/invitees/" + std::string(id_of(invitee))).body ==
        unknown);
}

TEST_CASE("canceling an event cancels its active invitees") {
  ApiFixture sandbox;
  const Value event = find_booking(
      sandbox, [](const Value& e) { return is_ahead(e) && *e.at_path("invitees_counter.total")->integer() > 1; });
  const std::string path = event.text_at("uri");
  const auto before = invitees_of(sandbox, event);
  const auto response = sandbox.send("owner", "POST", path + "/cancellation", R"({"reason":"Überschneidung"})");
  CHECK(response.status == 201);
  const std::string why = R"({"canceled_by":"Mara Lindt","canceler_type":"host",)"
                          R"("created_at":"2026-11-23T09:15:42.118204Z","reason":"Überschneidung"})";
  CHECK(response.body == R"({"resource":)" + why + "}");

  const Value after = sandbox.world.find(path)->document;
  CHECK(after.text_at("status") == "canceled");
  CHECK(codec::encode(*after.find("cancellation")) == why);
  CHECK(codec::encode(*after.find("invitees_counter")) == R"({"total":6,"active":0,"limit":8})");
  CHECK(after.text_at("updated_at") == "2026-11-23T09:15:42.118204Z");
  for (const Value& invitee : before) {
    const Value now = sandbox.world.find(invitee.text_at("uri"))->document;
    CHECK(now.text_at("status") == "canceled");
    const bool was_active = invitee.text_at("status") == "active";
    CHECK((codec::encode(*now.find("cancellation")) == why) == was_active);
    CHECK(now.find("rescheduled")->boolean());
  }
  const auto again = sandbox.send("owner", "POST", path + "/cancellation", "{}");
  CHECK(again.status == 403);
  CHECK(again.body == denied("Event is already canceled"));
}

TEST_CASE("what a cancellation is refused for") {
  ApiFixture sandbox;
  const Value ahead =
      find_booking(sandbox, [](const Value& e) { return is_ahead(e) && host_of(e) == seed::group_admin; });
  const Value past = find_booking(
      sandbox, [](const Value& e) { return e.text_at("status") == "active" && e.text_at("start_time") < "2026-11"; });
  auto cancel = [&](std::string_view token, const Value& event, const std::string& body) {
    return sandbox.send(token, "POST", event.text_at("uri") + "/cancellation", body);
  };
  CHECK(cancel("member", ahead, "").body == denied("You are not allowed to cancel this event"));
  CHECK(cancel("basic", ahead, "").body == denied("You are not allowed to cancel this event"));
  CHECK(cancel("owner", past, "").body == denied("Event in the past"));
  const std::string invalid = details(R"({"message":"is invalid","parameter":"reason"})");
  CHECK(cancel("owner", ahead, R"({"reason":5})").body == invalid);
  std::string reason;
  for (int i = 0; i < 10'000; ++i) reason += "ü";
  CHECK(cancel("owner", ahead, R"({"reason":"x)" + reason + R"("})").body == invalid);
  CHECK(cancel("owner", Value(Value::Object{{"uri", "/scheduled_events/x"}}), "").body == unknown);
  CHECK(sandbox.world.find(ahead.text_at("uri"))->document == ahead);
  CHECK(cancel("group-admin", ahead, R"({"reason":")" + reason + R"("})").status == 201);
}

TEST_CASE("a no-show is marked once, seen on its invitee, and taken back") {
  ApiFixture sandbox;
  const std::string invitee(seed::sample_invitee);
  const std::string body = R"({"invitee":")" + full(invitee) + R"("})";
  const auto made = sandbox.send("owner", "POST", "/invitee_no_shows", body);
  CHECK(made.status == 201);
  const std::string uri = *codec::decode(made.body).at_path("resource.uri")->string();
  CHECK(made.body == R"({"resource":{"created_at":"2026-11-23T09:15:42.118204Z","invitee":")" + full(invitee) +
                         R"(","uri":")" + uri + R"("}})");
  const std::string path = uri.substr(SandboxTransport::base_url.size());
  CHECK(sandbox.get("owner", path).body == made.body);
  CHECK(sandbox.get("owner", invitee)
            .body.find(R"("no_show":{"uri":")" + uri + R"(","created_at":"2026-11-23T09:15:42.118204Z"},)") !=
        std::string::npos);
  const auto again = sandbox.send("owner", "POST", "/invitee_no_shows", body);
  CHECK(again.status == 409);
  CHECK(again.body == R"({"title":"Already Exists","message":"The resource already exists"})");
  for (const char* method : {"GET", "DELETE"})
    CHECK(sandbox.send("member", method, path).body == denied("You do not have permission to access this resource."));
  CHECK(sandbox.send("owner", "DELETE", path).status == 204);
  CHECK(sandbox.send("owner", "DELETE", path).body == unknown);
  CHECK(sandbox.get("owner", invitee).body.find(R"("no_show":null)") != std::string::npos);
}

TEST_CASE("what a no-show is refused for") {
  ApiFixture sandbox;
  auto mark = [&](const std::string& body) { return sandbox.send("member", "POST", "/invitee_no_shows", body).body; };
  CHECK(mark("") == details(R"({"message":"is missing","parameter":"invitee"})"));
  CHECK(mark(R"({"invitee":"16fd2706-8baf-433b-82eb-8c7fada847da"})") ==
        details(R"({"message":"is invalid","parameter":"invitee"})"));
  CHECK(mark(R"({"invitee":")" + full(seed::sample_event) + R"(/invitees/x"})") == unknown);
  CHECK(mark(R"({"invitee":")" + full(seed::sample_invitee) + R"("})") ==
        denied("You do not have permission to access this resource."));
}

TEST_CASE("in the small world everything that is named exists, and it is the same each time") {
  ApiFixture sandbox;
  const auto records = seed_world();
  const auto once_more = seed_world();
  REQUIRE(records.size() == once_more.size());
  for (std::size_t i = 0; i < records.size(); ++i) CHECK(records[i].document == once_more[i].document);

  int rescheduled = 0;
  for (const auto& [number, record] : sandbox.world.all("invitees")) {
    const Value& invitee = record.document;
    CAPTURE(codec::encode(invitee));
    CHECK(sandbox.world.find(invitee.text_at("event")));
    CHECK((invitee.text_at("status") == "canceled") == (invitee.find("cancellation") != nullptr));
    if (const std::string next = invitee.text_at("new_invitee"); !next.empty()) {
      ++rescheduled;
      CHECK(*invitee.find("rescheduled")->boolean());
      REQUIRE(sandbox.world.find(next));
      CHECK(sandbox.world.find(next)->document.text_at("old_invitee") == invitee.text_at("uri"));
    }
    if (const Value* no_show = invitee.find("no_show"); !no_show->is_null())
      CHECK(sandbox.world.find(no_show->text_at("uri"))->document.text_at("invitee") == invitee.text_at("uri"));
  }
  CHECK(rescheduled == 3);
  CHECK(sandbox.world.all("invitee_no_shows").size() == 1);
  for (const auto& [number, record] : sandbox.world.all("scheduled_events")) {
    const Value& event = record.document;
    CAPTURE(codec::encode(event));
    CHECK(sandbox.world.find(event.text_at("event_type")));
    CHECK(sandbox.world.find(host_of(event)));
    std::int64_t active = 0;
    const auto invitees = invitees_of(sandbox, event);
    for (const Value& invitee : invitees) active += invitee.text_at("status") == "active";
    CHECK(*event.at_path("invitees_counter.total")->integer() == static_cast<std::int64_t>(invitees.size()));
    CHECK(*event.at_path("invitees_counter.active")->integer() == active);
    CHECK((event.text_at("status") == "canceled") == (event.find("cancellation") != nullptr));
  }
}
