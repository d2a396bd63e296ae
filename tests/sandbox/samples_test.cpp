// Sample deliveries of every event.
#include <map>

#include "bookafy/event.hpp"
#include "sandbox/api_fixture.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;

namespace {

std::string target(std::string_view event, std::string_view scope, std::string_view user = {},
                   std::string_view group = {}) {
  std::string text = "/sample_webhook_data?" + parameter("organization", seed::organization);
  text.append("&event=").append(event).append("&scope=").append(scope);
  if (!user.empty()) text += "&" + parameter("user", user);
  if (!group.empty()) text += "&" + parameter("group", group);
  return text;
}

std::string keys(const Value& object) {
  std::string all;
  for (const auto& [key, value] : *object.object()) all += (all.empty() ? "" : ",") + key;
  return all;
}

Value sample(ApiFixture& sandbox, std::string_view event) {
  const bool for_user = !allows(*find_event(event), Scope::organization);
  return sandbox.body("owner", for_user ? target(event, "user", seed::owner) : target(event, "organization"));
}

const std::string invitee_keys =
    "cancel_url,created_at,email,event,first_name,invitee_scheduled_by,last_name,name,new_invitee,no_show,old_invitee,"
    "payment,questions_and_answers,reconfirmation,reschedule_url,rescheduled,routing_form_submission,scheduled_event,"
    "scheduling_method,status,text_reminder_number,timezone,tracking,updated_at,uri";
const std::string event_type_keys =
    "active,admin_managed,booking_method,color,created_at,custom_questions,deleted_at,description_plain,duration,"
    "duration_options,internal_note,is_paid,kind,locale,locations,name,pooling_type,position,profile,scheduling_url,"
    "secret,slug,type,updated_at,uri";

}  // namespace

TEST_CASE("each event has a sample with its whole payload") {
  const std::map<std::string, std::string> payload_keys{
      {"invitee.created", invitee_keys},
      {"invitee.canceled", "cancel_url,cancellation," + invitee_keys.substr(std::string_view("cancel_url,").size())},
      {"invitee_no_show.created", invitee_keys},
      {"invitee_no_show.deleted", invitee_keys},
      {"routing_form_submission.created",
       "created_at,questions_and_answers,result,routing_form,submitter,submitter_type,tracking,updated_at,uri"},
      {"event_type.created", event_type_keys},
      {"event_type.updated", event_type_keys},
      {"event_type.deleted", event_type_keys},
      {"contact.created", "contact,user_uuid"},
      {"contact.updated", "contact,user_uuid"},
      {"contact.deleted", "contact,user_uuid"},
      {"meeting_recap.created", "created_at,event,recap"},
      {"meeting_recap.updated", "event,recap"},
      {"meeting_recap.deleted", "event,recap"},
  };
  REQUIRE(payload_keys.size() == known_events().size());
  ApiFixture sandbox;
  for (const auto& [event, wanted] : payload_keys) {
    CAPTURE(event);
    const Value envelope = sample(sandbox, event);
    CHECK(keys(envelope) == "created_at,created_by,event,payload");
    CHECK(envelope.text_at("created_at") == "2026-11-23T09:15:42.118204Z");
    CHECK(envelope.text_at("created_by") == full(seed::owner));
    CHECK(envelope.text_at("event") == event);
    CHECK(keys(*envelope.find("payload")) == wanted);
  }
}

TEST_CASE("samples tell of their event") {
  ApiFixture sandbox;
  auto at = [&](std::string_view event, std::string_view path) {
    const Value envelope = sample(sandbox, event);
    const Value* found = envelope.find("payload")->at_path(path);
    return found ? codec::encode(*found) : "absent";
  };
  CHECK(at("invitee.created", "status") == R"("active")");
  CHECK(at("invitee.created", "uri") == '"' + full(seed::sample_invitee) + '"');
  CHECK(at("invitee.created", "event") == '"' + full(seed::sample_event) + '"');
  CHECK(at("invitee.created", "scheduled_event.calendar_event") == "absent");
  CHECK(at("invitee.created", "scheduled_event.cancellation") == "absent");
  CHECK(at("invitee.created", "scheduled_event.event_memberships.0") ==
        R"({"user":")" + full(seed::owner) + R"(","user_email":"mara.lindt@example.org","user_name":"Mara Lindt"})");
  CHECK(at("invitee.canceled", "status") == R"("canceled")");
  CHECK(at("invitee.canceled", "rescheduled") == "false");
  CHECK(at("invitee.canceled", "cancellation") == at("invitee.canceled", "scheduled_event.cancellation"));
  CHECK(at("invitee.canceled", "scheduled_event.invitees_counter") == R"({"total":1,"active":0,"limit":1})");
  CHECK(at("invitee_no_show.created", "status") == R"("active")");
  CHECK(at("invitee_no_show.created", "no_show.uri").starts_with('"' + full("/invitee_no_shows/")));
  CHECK(at("invitee_no_show.deleted", "no_show") == "null");
  CHECK(at("routing_form_submission.created", "routing_form") == '"' + full(seed::published_form) + '"');
  CHECK(at("routing_form_submission.created", "result") ==
        R"({"type":"event_type","value":")" + full(seed::intro_call) + R"("})");
  CHECK(at("event_type.created", "deleted_at") == "null");
  CHECK(at("event_type.deleted", "deleted_at") == R"("2026-11-23T09:15:42.118204Z")");
  CHECK(at("event_type.created", "profile.owner") == '"' + full(seed::owner) + '"');
  CHECK(at("contact.created", "user_uuid") == R"("1b4e28ba-2fa1-41d2-883f-0016d3cca427")");
  for (const char* date : {"next_meeting_date", "last_meeting_date", "last_interaction_date"})
    CHECK(at("contact.created", std::string("contact.") + date) == "null");
  CHECK(at("contact.updated", "contact.next_meeting_date") != "null");
  CHECK(at("contact.deleted", "contact").starts_with(R"({"uri":")" + full("/contacts/")));
  CHECK(at("meeting_recap.created", "recap.transcript").starts_with(R"("https://)"));
  CHECK(at("meeting_recap.deleted", "event") == R"({"uri":")" + full(seed::sample_event) + R"("})");
}

TEST_CASE("who gets a sample") {
  struct Row {
    std::string token, target, body;  ///< an empty body: 200
  };
  const std::string base = "/sample_webhook_data?";
  const std::string no_access = denied("You do not have permission to access this resource.");
  const std::vector<Row> rows{
      {"readonly", target("invitee.created", "organization"), {}},
      {"member", target("invitee.created", "user", seed::member), {}},
      {"group-admin", target("invitee.created", "group", {}, seed::group), {}},
      {"member", target("invitee.created", "organization"), no_access},
      {"member", target("invitee.created", "user", seed::owner), denied("You do not have permission")},
      {"basic", target("invitee.created", "organization"), denied("You do not have permission")},
      {"owner", base + ours + "&scope=organization", details(R"({"message":"is missing","parameter":"event"})")},
      {"owner", base + "event=contact.created&scope=organization",
       details(R"({"message":"is missing","parameter":"organization"})")},
      {"owner", base + ours + "&event=contact.created", details(R"({"message":"is missing","parameter":"scope"})")},
      {"owner", target("contact.created", "user"), details(R"({"message":"is missing","parameter":"user"})")},
      {"owner", target("contact.created", "group"), details(R"({"message":"is missing","parameter":"group"})")},
      {"owner", target("contact.made", "organization"), details(R"({"message":"is invalid","parameter":"event"})")},
      {"owner", target("meeting_recap.created", "organization"),
       details(R"({"message":"is invalid","parameter":"scope"})")},
      {"owner", target("routing_form_submission.created", "user", seed::owner),
       details(R"({"message":"is invalid","parameter":"scope"})")},
  };
  ApiFixture sandbox;
  for (const Row& row : rows) {
    CAPTURE(row.token, row.target);
    const auto response = sandbox.get(row.token, row.target);
    if (row.body.empty())
      CHECK(response.status == 200);
    else
      CHECK(response.body == row.body);
  }
}
