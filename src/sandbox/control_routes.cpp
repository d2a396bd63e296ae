#include <array>

#include "sandbox/booking.hpp"
#include "sandbox/call.hpp"
#include "sandbox/control.hpp"
#include "sandbox/document.hpp"
#include "sandbox/guest.hpp"

namespace bookafy::sandbox {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

/// The object that a member of the body refers to, or null where it may be left out. Throws the 400.
const Value* referred(Call& call, std::string_view name, ResourceKind kind, Need need = Need::optional) {
  Fields fields(call.body);
  const auto path = fields.reference(name, kind, need);
  const Record* record = path ? call.world.find(*path) : nullptr;
  if (path && !record) fields.complain(name, "is unknown");
  fields.check();
  return record ? &record->document : nullptr;
}

void check_organization(const Call& call, const std::string& organization) {
  if (!call.access.is_member(call.user, organization)) throw forbidden(text::not_in_organization);
}

/// Some day in the next two weeks, in working hours.
Timestamp some_time(const Call& call, Timestamp after) {
  const auto day = std::chrono::floor<std::chrono::days>(after) + std::chrono::days(1);
  return day + 24h * draw_index(call.surroundings, 14) + 8h + 30min * draw_index(call.surroundings, 18);
}

Timestamp start_time(Call& call, Timestamp after) {
  Fields fields(call.body);
  const auto wished = fields.instant("start_time");
  if (wished && *wished < call.now) fields.complain("start_time", "is invalid");
  fields.check();
  return wished ? std::chrono::floor<std::chrono::seconds>(*wished) : some_time(call, after);
}

/// The host's own kind of meeting, else any.
const Value& event_type_of(const Call& call, const Value& host) {
  const auto& types = call.world.all("event_types");
  for (const auto& [number, record] : types) {
    const Value* owner = record.document.at_path("profile.owner");
    if (owner && *owner == Value(host.text_at("uri")) && record.document.text_at("kind") == "solo")
      return record.document;
  }
  return types.begin()->second.document;
}

Value location_of(const Call& call) {
  const auto number = static_cast<std::int64_t>(84'400'000'000 + draw_index(call.surroundings, 100'000'000));
  switch (draw_index(call.surroundings, 4)) {
    case 0: return location_physical("Room 4");
    case 1: return location_call("+43 1 555 0132");
    case 2: return location_google("https://meet.example.org/" + std::to_string(number));
    default: return location_zoom(number, "https://zoom.example.org/j/" + std::to_string(number));
  }
}

Answer create_booking(Call& call) {
  const Value* named = referred(call, "host", ResourceKind::user);
  const Value& host = named ? *named : call.known(call.user).document;
  check_organization(call, host.text_at("current_organization"));
  Guest guest = draw_guest(call.surroundings);
  Fields fields(call.body);
  guest.name = fields.text("name").value_or(guest.name);
  guest.email = fields.text("email").value_or(guest.email);
  fields.check();

  const Value& type = event_type_of(call, host);
  const Value* minutes = type.find("duration");
  const std::string event = "/scheduled_events/" + uuid(call.surroundings);
  const std::string invitee = event + "/invitees/" + uuid(call.surroundings);
  Value event_draft = event_document({.path = event,
                                      .event_type = type.text_at("uri"),
                                      .name = type.text_at("name"),
                                      .host = host,
                                      .start = start_time(call, call.now),
                                      .length = std::chrono::minutes(minutes->integer() ? *minutes->integer() : 30),
                                      .created = call.now,
                                      .location = location_of(call)});
  Value invitee_draft = invitee_document({.path = invitee,
                                          .name = guest.name,
                                          .email = guest.email,
                                          .timezone = guest.timezone,
                                          .created = call.now,
                                          .question = "What shall we talk about?",
                                          .answer = guest.answer});
  constexpr std::array sources{"newsletter"sv, "website"sv};
  if (draw_index(call.surroundings, 2) == 0)
    invitee_draft.set("tracking", tracking(sources[draw_index(call.surroundings, sources.size())]));
  call.world.apply(book(call.world, std::move(event_draft), std::move(invitee_draft), call.now));
  return resource(call.known(invitee).document, 201);
}

/// The invitee that the body names, of an event that can still be called off.
const Value& active_invitee(Call& call) {
  const Value& invitee = *referred(call, "invitee", ResourceKind::invitee, Need::required);
  const Value& event = call.known(invitee.text_at("event")).document;
  check_organization(call, call.access.organization_of_event(event));
  if (invitee.text_at("status") != "active") throw forbidden(text::canceled_event);
  if (event.text_at("start_time") < format_timestamp(call.now)) throw forbidden(text::past_event);
  return invitee;
}

Value cancellation_by(Call& call, const Value& invitee) {
  Fields fields(call.body);
  const auto reason = fields.text("reason");
  fields.check();
  return cancellation(invitee.text_at("name"), "invitee", reason.value_or(""), call.now);
}

Answer create_cancellation(Call& call) {
  const Value& invitee = active_invitee(call);
  const std::string path = invitee.text_at("uri");
  call.world.apply(cancel_invitee(call.world, invitee, cancellation_by(call, invitee)));
  return resource(call.known(path).document, 201);
}

Answer create_rescheduling(Call& call) {
  const Value& invitee = active_invitee(call);
  const Value& event = call.known(invitee.text_at("event")).document;
  const std::string moved = "/scheduled_events/" + uuid(call.surroundings) + "/invitees/" + uuid(call.surroundings);
  const Rescheduling rescheduling{.new_invitee = moved,
                                  .start = start_time(call, *parse_timestamp(event.text_at("start_time"))),
                                  .cancellation = cancellation_by(call, invitee),
                                  .creation_first = draw_index(call.surroundings, 2) == 0};
  call.world.apply(reschedule_invitee(call.world, invitee, rescheduling));
  return resource(call.known(moved).document, 201);
}

Answer record_no_show(Call& call) {
  const Value& invitee = *referred(call, "invitee", ResourceKind::invitee, Need::required);
  check_organization(call, call.access.organization_of_event(call.known(invitee.text_at("event")).document));
  if (!invitee.find("no_show")->is_null()) throw already_exists(text::exists);
  const std::string no_show = "/invitee_no_shows/" + uuid(call.surroundings);
  call.world.apply(report_no_show(call.world, invitee, no_show, call.now));
  return resource(call.known(no_show).document, 201);
}

/// The first published form of the caller's organization. Throws the 400.
const Value& some_form(const Call& call) {
  const std::string organization = call.access.organization_of_user(call.user);
  for (const auto& [number, record] : call.world.all("routing_forms"))
    if (record.document.text_at("organization") == organization && record.document.text_at("status") == "published")
      return record.document;
  throw invalid_arguments({{"form", "is missing"}});
}

Answer create_submission(Call& call) {
  const Value* named = referred(call, "form", ResourceKind::routing_form);
  const Value& form = named ? *named : some_form(call);
  check_organization(call, form.text_at("organization"));
  constexpr std::array topics{"Consulting"sv, "Support"sv, "Sales"sv};
  const std::array<Value, 3> results{
      Value::Object{{"type", "event_type"},
                    {"value", call.world.all("event_types").begin()->second.document.text_at("uri")}},
      Value::Object{{"type", "external_url"}, {"value", "https://support.example.org/new"}},
      Value::Object{{"type", "custom_message"},
                    {"value", Value::Object{{"headline", "Danke!"}, {"body", "Wir melden uns."}}}}};
  const Guest guest = draw_guest(call.surroundings);
  const std::size_t topic = draw_index(call.surroundings, topics.size());
  const std::string path = "/routing_form_submissions/" + uuid(call.surroundings);
  call.world.apply(submit_form(call.world,
                               submission_document({.path = path,
                                                    .form = form.text_at("uri"),
                                                    .name = guest.name,
                                                    .email = guest.email,
                                                    .topic = std::string(topics[topic]),
                                                    .result = results[topic],
                                                    .created = call.now}),
                               call.now));
  return resource(call.known(path).document, 201);
}

Answer list_deliveries(Call& call) {
  constexpr std::array states{"pending"sv, "delivered"sv, "abandoned"sv};
  Fields fields(call.query);
  const auto state = fields.one_of("state", states);
  const auto event = fields.text("event");
  const auto subscription = fields.reference("subscription", ResourceKind::subscription);
  const ListParameters parameters = list_parameters(fields, call.list, "created_at");
  fields.check();
  auto rows = select(call.world.all("deliveries"), [&](const Value& delivery) {
    return call.access.is_member(call.user, delivery.text_at("organization")) &&
           (!state || delivery.text_at("state") == *state) && (!event || delivery.text_at("event") == *event) &&
           (!subscription || delivery.text_at("subscription") == *subscription);
  });
  Value answer = page(rows, parameters, call.list);
  for (Value& row : *answer.find("collection")->array())
    std::erase_if(*row.object(), [](const Value::Member& member) { return member.first == "envelope"; });
  return {200, std::move(answer)};
}

Answer get_delivery(Call& call) {
  const Value& delivery = call.target().document;
  check_organization(call, delivery.text_at("organization"));
  return resource(delivery);
}

}  // namespace

std::span<const Route> control_routes() {
  static constexpr std::array routes{
      Route{"POST", control::bookings, "scheduled_events:write", create_booking},
      Route{"POST", control::cancellations, "scheduled_events:write", create_cancellation},
      Route{"POST", control::reschedulings, "scheduled_events:write", create_rescheduling},
      Route{"POST", control::no_shows, "scheduled_events:write", record_no_show},
      Route{"POST", control::submissions, "routing_forms:read", create_submission},
      Route{"GET", control::deliveries, "webhooks:read", list_deliveries},
      Route{"GET", "/sandbox/deliveries/*", "webhooks:read", get_delivery},
  };
  return routes;
}

}  // namespace bookafy::sandbox
