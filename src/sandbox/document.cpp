#include "sandbox/document.hpp"

#include <algorithm>
#include <array>

namespace bookafy::sandbox {

namespace {

/// What the sandbox's routing forms ask.
struct Question {
  std::string_view uuid;
  std::string_view name;
  std::string_view type;
};
constexpr std::array questions{
    Question{"2f0a1c56-7a35-4b6e-9a3c-84c1b8f3d701", "Your name", "name"},
    Question{"5b6de3c8-0d9f-4c27-8f6c-0b7d6a91e802", "Your e-mail address", "email"},
    Question{"a9c4f7e2-31b8-4d0f-b5f4-6e20d5c7f903", "What is it about?", "select"},
};

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string joined(std::string_view beginning, std::string_view end) { return std::string(beginning).append(end); }

}  // namespace

Value user_document(const UserDraft& draft) {
  std::string mailbox(draft.slug);
  std::replace(mailbox.begin(), mailbox.end(), '-', '.');
  return Value::Object{{"avatar_url", nullptr},
                       {"created_at", draft.created_at},
                       {"current_organization", draft.organization},
                       {"email", mailbox + "@example.org"},
                       {"locale", "en"},
                       {"name", draft.name},
                       {"resource_type", "User"},
                       {"scheduling_url", joined("https://bookafy.com/", draft.slug)},
                       {"slug", draft.slug},
                       {"time_notation", "24h"},
                       {"timezone", draft.timezone},
                       {"updated_at", draft.created_at},
                       {"uri", draft.path}};
}

Value event_type_document(const EventTypeDraft& draft) {
  Value::Object question{{"name", "What shall we talk about?"},
                         {"type", "text"},
                         {"position", 0},
                         {"enabled", true},
                         {"required", false},
                         {"answer_choices", Value::Array()},
                         {"include_other", false}};
  return Value::Object{
      {"active", true},
      {"admin_managed", false},
      {"booking_method", "instant"},
      {"color", "#0069ff"},
      {"created_at", draft.created_at},
      {"custom_questions", Value::Array{Value(std::move(question))}},
      {"deleted_at", nullptr},
      {"description_plain", nullptr},
      {"duration", draft.minutes},
      {"duration_options", nullptr},
      {"internal_note", nullptr},
      {"is_paid", false},
      {"kind", "solo"},
      {"locale", "en"},
      {"locations", Value::Array{Value(Value::Object{{"kind", "google_conference"}})}},
      {"name", draft.name},
      {"pooling_type", nullptr},
      {"position", 0},
      {"profile",
       Value::Object{{"type", "User"}, {"name", draft.owner.text_at("name")}, {"owner", draft.owner.text_at("uri")}}},
      {"scheduling_url", draft.owner.text_at("scheduling_url").append("/").append(draft.slug)},
      {"secret", false},
      {"slug", draft.slug},
      {"type", "StandardEventType"},
      {"updated_at", draft.created_at},
      {"uri", draft.path}};
}

Value event_document(const EventDraft& draft) {
  const Timestamp end = draft.start + draft.length;
  Value::Object membership{{"buffered_end_time", format_timestamp(end)},
                           {"buffered_start_time", format_timestamp(draft.start)},
                           {"user", draft.host.text_at("uri")},
                           {"user_email", draft.host.text_at("email")},
                           {"user_name", draft.host.text_at("name")}};
  Value::Object counter{{"total", draft.invitees}, {"active", draft.invitees}, {"limit", draft.limit}};
  return Value::Object{{"calendar_event", nullptr},
                       {"created_at", format_timestamp(draft.created)},
                       {"end_time", format_timestamp(end)},
                       {"event_guests", Value::Array()},
                       {"event_memberships", Value::Array{Value(std::move(membership))}},
                       {"event_type", draft.event_type},
                       {"invitees_counter", std::move(counter)},
                       {"location", draft.location},
                       {"meeting_notes_html", nullptr},
                       {"meeting_notes_plain", nullptr},
                       {"name", draft.name},
                       {"start_time", format_timestamp(draft.start)},
                       {"status", "active"},
                       {"updated_at", format_timestamp(draft.created)},
                       {"uri", draft.path}};
}

Value invitee_document(const InviteeDraft& draft) {
  const std::string_view id = last_segment(draft.path);
  const std::string event = draft.path.substr(0, draft.path.find("/invitees/"));
  Value::Array answers;
  if (!draft.question.empty())
    answers.emplace_back(Value::Object{{"answer", draft.answer}, {"position", 0}, {"question", draft.question}});
  return Value::Object{{"cancel_url", joined("https://bookafy.com/cancellations/", id)},
                       {"created_at", format_timestamp(draft.created)},
                       {"email", draft.email},
                       {"event", event},
                       {"first_name", nullptr},
                       {"invitee_scheduled_by", nullptr},
                       {"last_name", nullptr},
                       {"name", draft.name},
                       {"new_invitee", nullptr},
                       {"no_show", nullptr},
                       {"old_invitee", nullptr},
                       {"payment", nullptr},
                       {"questions_and_answers", std::move(answers)},
                       {"reconfirmation", nullptr},
                       {"reschedule_url", joined("https://bookafy.com/reschedulings/", id)},
                       {"rescheduled", false},
                       {"routing_form_submission", nullptr},
                       {"scheduling_method", nullptr},
                       {"status", "active"},
                       {"text_reminder_number", nullptr},
                       {"timezone", draft.timezone},
                       {"tracking", tracking(nullptr)},
                       {"updated_at", format_timestamp(draft.created)},
                       {"uri", draft.path}};
}

Value submission_document(const SubmissionDraft& draft) {
  const std::array<const std::string*, 3> answers{&draft.name, &draft.email, &draft.topic};
  Value::Array items;
  for (std::size_t i = 0; i < questions.size(); ++i)
    items.emplace_back(
        Value::Object{{"question_uuid", questions[i].uuid}, {"question", questions[i].name}, {"answer", *answers[i]}});
  return Value::Object{{"created_at", format_timestamp(draft.created)},
                       {"questions_and_answers", std::move(items)},
                       {"result", draft.result},
                       {"routing_form", draft.form},
                       {"submitter", draft.submitter},
                       {"submitter_type", draft.submitter.is_null() ? Value() : Value("Invitee")},
                       {"tracking", tracking(nullptr)},
                       {"updated_at", format_timestamp(draft.created)},
                       {"uri", draft.path}};
}

Value form_document(std::string_view path, std::string_view organization, std::string_view name,
                    std::string_view status, Timestamp created) {
  Value::Array items;
  for (const Question& question : questions) {
    const bool choice = question.type == "select";
    items.emplace_back(
        Value::Object{{"uuid", question.uuid},
                      {"name", question.name},
                      {"type", question.type},
                      {"required", true},
                      {"answer_choices", choice ? Value(Value::Array{"Consulting", "Support", "Sales"}) : Value()}});
  }
  return Value::Object{{"created_at", format_timestamp(created)},
                       {"name", name},
                       {"organization", organization},
                       {"questions", std::move(items)},
                       {"status", status},
                       {"updated_at", format_timestamp(created)},
                       {"uri", path}};
}

Value tracking(Value utm_source) {
  return Value::Object{{"utm_campaign", nullptr}, {"utm_source", std::move(utm_source)},
                       {"utm_medium", nullptr},   {"utm_content", nullptr},
                       {"utm_term", nullptr},     {"salesforce_uuid", nullptr}};
}

Value location_physical(std::string_view place) { return Value::Object{{"location", place}, {"type", "physical"}}; }

Value location_call(std::string_view number) { return Value::Object{{"location", number}, {"type", "outbound_call"}}; }

Value location_google(std::string_view join_url) {
  return Value::Object{{"join_url", join_url}, {"status", "pushed"}, {"type", "google_conference"}};
}

Value location_zoom(std::int64_t id, std::string_view join_url) {
  Value::Object data{{"id", id}, {"settings", Value::Object()}, {"password", "4711"}, {"extra", nullptr}};
  return Value::Object{
      {"data", std::move(data)}, {"join_url", join_url}, {"status", "pushed"}, {"type", "zoom_conference"}};
}

Value invitee_payload(const Value& invitee, const Value& event) {
  Value scheduled = event;
  std::erase_if(*scheduled.object(), [](const Value::Member& member) { return member.first == "calendar_event"; });
  for (Value& membership : *scheduled.find("event_memberships")->array())
    std::erase_if(*membership.object(),
                  [](const Value::Member& member) { return member.first.starts_with("buffered_"); });
  Value payload = invitee;
  payload.set("scheduled_event", std::move(scheduled));
  auto& members = *payload.object();
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return payload;
}

}  // namespace bookafy::sandbox
