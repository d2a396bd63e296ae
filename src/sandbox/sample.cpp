#include "sandbox/sample.hpp"

#include "sandbox/booking.hpp"
#include "sandbox/document.hpp"
#include "sandbox/seed.hpp"

namespace bookafy::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view no_show = "/invitee_no_shows/0d9b7c1e-52a4-4a0e-9a51-6f8f3f6c2b10";
const std::string contact = "/contacts/" + std::string(sample_contact_id);
const std::string recap = "/meeting_recaps/" + std::string(sample_recap_id);

/// One sample tells one story: booked three days ago, for a week from now.
struct Story {
  Value user;
  Timestamp now;

  Timestamp booked() const { return now - 72h; }
  Timestamp start() const { return std::chrono::floor<std::chrono::hours>(now) + 168h; }
  std::string at(Timestamp instant) const { return format_timestamp(instant); }
};

Value sample_event(const Story& story) {
  return event_document({.path = std::string(seed::sample_event),
                         .event_type = std::string(seed::intro_call),
                         .name = "Intro call",
                         .host = story.user,
                         .start = story.start(),
                         .created = story.booked(),
                         .location = location_physical("Room 4")});
}

Value sample_invitee(const Story& story) {
  return invitee_document({.path = std::string(seed::sample_invitee),
                           .name = "Ana Petrova",
                           .email = "ana.petrova@example.org",
                           .timezone = "Europe/Sofia",
                           .created = story.booked(),
                           .question = "What shall we talk about?",
                           .answer = "Quarterly review"});
}

Value invitee_sample(const Story& story, std::string_view event) {
  Value invitee = sample_invitee(story);
  Value scheduled = sample_event(story);
  if (event == "invitee.canceled") {
    const Value why = cancellation("Ana Petrova", "invitee", "", story.now);
    invitee = canceled(std::move(invitee), why);
    scheduled = canceled(std::move(scheduled), why);
    scheduled.find("invitees_counter")->set("active", 0);
  }
  if (event == "invitee_no_show.created")
    invitee.set("no_show", Value::Object{{"uri", no_show}, {"created_at", story.at(story.now)}});
  return invitee_payload(invitee, scheduled);
}

Value submission_sample(const Story& story) {
  return submission_document({.path = std::string(seed::sample_submission),
                              .form = std::string(seed::published_form),
                              .name = "Ana Petrova",
                              .email = "ana.petrova@example.org",
                              .topic = "Consulting",
                              .result = Value::Object{{"type", "event_type"}, {"value", seed::intro_call}},
                              .created = story.now});
}

Value event_type_sample(const Story& story, std::string_view event) {
  Value type =
      event_type_document({seed::intro_call, "Intro call", "intro-call", story.user, 30, story.at(story.booked())});
  if (event != "event_type.created") type.set("updated_at", story.at(story.now));
  if (event == "event_type.deleted") {
    type.set("active", false);
    type.set("deleted_at", story.at(story.now));
  }
  return type;
}

Value contact_sample(const Story& story, std::string_view event) {
  Value document;
  if (event == "contact.deleted") {
    document = Value::Object{{"uri", contact}, {"deleted_at", story.at(story.now)}};
  } else {
    const bool fresh = event == "contact.created";
    auto date = [&](Timestamp instant) { return fresh ? Value() : Value(story.at(instant)); };
    Value::Object email{{"email", "ana.petrova@example.org"}, {"is_primary", true}};
    document = Value::Object{{"city", "Sofia"},
                             {"company", "Petrova & Co."},
                             {"country", "Bulgaria"},
                             {"created_at", story.at(fresh ? story.now : story.booked())},
                             {"creation_source", "meeting_booked"},
                             {"custom_fields", Value::Array()},
                             {"emails", Value::Array{Value(std::move(email))}},
                             {"first_email_date", nullptr},
                             {"job_title", "Engineer"},
                             {"last_email_date", nullptr},
                             {"last_interaction_date", date(story.booked())},
                             {"last_meeting_date", nullptr},
                             {"linkedin", nullptr},
                             {"name", "Ana Petrova"},
                             {"next_meeting_date", date(story.start())},
                             {"phone_numbers", Value::Array{Value(Value::Object{{"phone_number", "+359 2 555 0100"}})}},
                             {"state", nullptr},
                             {"timezone", "Europe/Sofia"},
                             {"updated_at", story.at(story.now)},
                             {"uri", contact}};
  }
  const std::string user = story.user.text_at("uri");
  return Value::Object{{"contact", std::move(document)}, {"user_uuid", id_of(user)}};
}

Value recap_sample(const Story& story, std::string_view event) {
  if (event == "meeting_recap.deleted")
    return Value::Object{{"event", Value::Object{{"uri", seed::sample_event}}},
                         {"recap", Value::Object{{"deleted_at", story.at(story.now)}, {"uri", recap}}}};
  const Timestamp end = story.booked() + 30min;
  Value::Object host{
      {"host", true}, {"user_email", story.user.text_at("email")}, {"user_name", story.user.text_at("name")}};
  Value::Object guest{{"host", false}, {"user_email", "ana.petrova@example.org"}, {"user_name", "Ana Petrova"}};
  Value meeting = Value::Object{{"attendees", Value::Array{Value(std::move(host)), Value(std::move(guest))}},
                                {"end_time", story.at(end)},
                                {"location", "Room 4"},
                                {"name", "Intro call"},
                                {"start_time", story.at(story.booked())},
                                {"uri", seed::sample_event}};
  const std::string link = "https://bookafy.com/recaps/" + std::string(id_of(recap));
  Value document = Value::Object{{"action_items_md", "* Ana sends the figures"},
                                 {"created_at", story.at(end)},
                                 {"discussion_md", "Last quarter and the next one."},
                                 {"share_link", link},
                                 {"summary_md", "**Quarterly review** with Ana Petrova"},
                                 {"transcript", link + "/transcript"},
                                 {"updated_at", story.at(event == "meeting_recap.created" ? end : story.now)},
                                 {"uri", recap}};
  Value payload;
  if (event == "meeting_recap.created") payload.set("created_at", story.at(story.now));
  payload.set("event", std::move(meeting));
  payload.set("recap", std::move(document));
  return payload;
}

Value payload(const Story& story, std::string_view event) {
  if (event.starts_with("invitee")) return invitee_sample(story, event);
  if (event.starts_with("routing_form_submission.")) return submission_sample(story);
  if (event.starts_with("event_type.")) return event_type_sample(story, event);
  if (event.starts_with("contact.")) return contact_sample(story, event);
  return recap_sample(story, event);
}

}  // namespace

Value sample_delivery(std::string_view event, const Value& user, Timestamp now) {
  const Story story{user, now};
  return Value::Object{{"created_at", format_timestamp(now)},
                       {"created_by", user.text_at("uri")},
                       {"event", event},
                       {"payload", payload(story, event)}};
}

}  // namespace bookafy::sandbox
