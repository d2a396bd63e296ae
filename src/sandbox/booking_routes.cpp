#include <algorithm>
#include <array>
#include <set>

#include "bookafy/validation.hpp"
#include "sandbox/booking.hpp"
#include "sandbox/call.hpp"

namespace bookafy::sandbox {
namespace {

using namespace std::string_view_literals;

constexpr std::array statuses{"active"sv, "canceled"sv};
constexpr std::ptrdiff_t longest_reason = 10'000;  // characters

struct EventFilter {
  std::optional<std::string> user;
  std::optional<std::string> organization;
  std::optional<std::string> group;
  std::optional<std::string> email;
  std::optional<std::string> status;
  std::optional<Timestamp> from;
  std::optional<Timestamp> until;
};

EventFilter read_filter(Fields& fields, const Value& query) {
  EventFilter filter;
  filter.user = fields.reference("user", ResourceKind::user);
  filter.organization = fields.reference("organization", ResourceKind::organization);
  filter.group = fields.reference("group", ResourceKind::group);
  filter.email = fields.text("invitee_email");
  filter.status = fields.one_of("status", statuses);
  filter.from = fields.instant("min_start_time");
  filter.until = fields.instant("max_start_time");
  if (!query.find("user") && !query.find("organization") && !query.find("group"))
    fields.complain("organization", "is missing");
  return filter;
}

void check_filter_role(const Call& call, const EventFilter& filter) {
  const Access& access = call.access;
  if (filter.organization) {
    call.known(*filter.organization);
    if (!access.is_member(call.user, *filter.organization)) throw forbidden(text::no_access);
  }
  if (filter.group) {
    call.known(*filter.group);
    if (!access.manages_group(call.user, *filter.group)) throw forbidden(text::no_permission);
  }
  if (filter.user) {
    call.known(*filter.user);
    if (filter.user == call.user) return;
    const std::string common = filter.organization.value_or(access.organization_of_user(call.user));
    if (!access.is_member(*filter.user, common)) throw forbidden(text::not_in_organization);
    if (!access.manages(call.user, common)) throw forbidden(text::no_permission);
    if (!filter.organization && !filter.group) throw forbidden(text::name_organization);
  } else if (filter.organization && !filter.group && !access.manages(call.user, *filter.organization)) {
    throw forbidden(text::no_permission);
  }
}

std::set<std::string> events_of(const Call& call, const std::string& email) {
  std::set<std::string> events;
  for (const auto& [number, record] : call.world.all("invitees"))
    if (same_email(record.document.text_at("email"), email)) events.insert(record.document.text_at("event"));
  return events;
}

bool matches(const Access& access, const EventFilter& filter, const Value& event) {
  if (filter.status && event.text_at("status") != *filter.status) return false;
  const std::string start = event.text_at("start_time");
  if (filter.from && start < format_timestamp(*filter.from)) return false;
  if (filter.until && start >= format_timestamp(*filter.until)) return false;
  if (filter.user && !access.hosts(*filter.user, event)) return false;
  if (filter.organization && access.organization_of_event(event) != *filter.organization) return false;
  return !filter.group || access.hosted_in_group(event, *filter.group);
}

Answer list_events(Call& call) {
  Fields fields(call.query);
  const EventFilter filter = read_filter(fields, call.query);
  const ListParameters parameters = list_parameters(fields, call.list, "start_time");
  fields.check();
  check_filter_role(call, filter);
  std::set<std::string> of_invitee;
  if (filter.email) of_invitee = events_of(call, *filter.email);
  auto rows = select(call.world.all("scheduled_events"), [&](const Value& event) {
    return matches(call.access, filter, event) && (!filter.email || of_invitee.contains(event.text_at("uri")));
  });
  return {200, page(rows, parameters, call.list)};
}

Answer get_event(Call& call) {
  const Value& event = call.target().document;
  if (!call.access.sees_event(call.user, event)) throw forbidden(text::no_event_view);
  return resource(event);
}

std::string event_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/'))); }

Answer list_invitees(Call& call) {
  const std::string path = event_of(call.path);
  const Value& event = call.known(path).document;
  if (!call.access.sees_event(call.user, event)) throw forbidden(text::no_event_view);
  Fields fields(call.query);
  const auto status = fields.one_of("status", statuses);
  const auto email = fields.text("email");
  const ListParameters parameters = list_parameters(fields, call.list, "created_at");
  fields.check();
  auto rows = select(call.world.all("invitees"), [&](const Value& invitee) {
    return invitee.text_at("event") == path && (!status || invitee.text_at("status") == *status) &&
           (!email || same_email(invitee.text_at("email"), *email));
  });
  return {200, page(rows, parameters, call.list)};
}

Answer get_invitee(Call& call) {
  const Value& invitee = call.target().document;
  if (!call.access.sees_event(call.user, call.known(invitee.text_at("event")).document))
    throw forbidden(text::no_invitee_view);
  return resource(invitee);
}

/// Unicode code points: every byte but the continuations (RFC 3629).
std::ptrdiff_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
}

Answer cancel(Call& call) {
  const Value& event = call.known(event_of(call.path)).document;
  Fields fields(call.body);
  const Value* reason = call.body.find("reason");
  const bool given = reason && !reason->is_null();
  if (given && (!reason->string() || characters(*reason->string()) > longest_reason))
    fields.complain("reason", "is invalid");
  fields.check();
  if (!call.access.changes_event(call.user, event)) throw forbidden(text::no_cancel);
  if (event.text_at("status") == "canceled") throw forbidden(text::canceled_event);
  if (event.text_at("start_time") < format_timestamp(call.now)) throw forbidden(text::past_event);

  const Value why = cancellation(call.known(call.user).document.text_at("name"), "host",
                                 given ? *reason->string() : std::string(), call.now);
  call.world.apply(cancel_event(call.world, event, why));
  return resource(why, 201);
}

Answer create_no_show(Call& call) {
  Fields fields(call.body);
  const auto path = fields.reference("invitee", ResourceKind::invitee, Need::required);
  fields.check();
  const Value& invitee = call.known(*path).document;
  if (!call.access.changes_event(call.user, call.known(invitee.text_at("event")).document))
    throw forbidden(text::no_access);
  if (!invitee.find("no_show")->is_null()) throw already_exists(text::exists);
  const std::string no_show = "/invitee_no_shows/" + uuid(call.surroundings);
  call.world.apply(report_no_show(call.world, invitee, no_show, call.now));
  return resource(call.known(no_show).document, 201);
}

const Value& event_of_no_show(const Call& call) {
  const Value& invitee = call.known(call.target().document.text_at("invitee")).document;
  return call.known(invitee.text_at("event")).document;
}

Answer get_no_show(Call& call) {
  if (!call.access.sees_event(call.user, event_of_no_show(call))) throw forbidden(text::no_access);
  return resource(call.target().document);
}

Answer remove_no_show(Call& call) {
  if (!call.access.changes_event(call.user, event_of_no_show(call))) throw forbidden(text::no_access);
  call.world.apply(clear_no_show(call.world, call.target().document, call.now));
  return {204, {}};
}

}  // namespace

std::span<const Route> booking_routes() {
  static constexpr std::array routes{
      Route{"GET", "/scheduled_events", "scheduled_events:read", list_events},
      Route{"GET", "/scheduled_events/*", "scheduled_events:read", get_event},
      Route{"GET", "/scheduled_events/*/invitees", "scheduled_events:read", list_invitees},
      Route{"GET", "/scheduled_events/*/invitees/*", "scheduled_events:read", get_invitee},
      Route{"POST", "/scheduled_events/*/cancellation", "scheduled_events:write", cancel},
      Route{"POST", "/invitee_no_shows", "scheduled_events:write", create_no_show},
      Route{"GET", "/invitee_no_shows/*", "scheduled_events:read", get_no_show},
      Route{"DELETE", "/invitee_no_shows/*", "scheduled_events:write", remove_no_show},
  };
  return routes;
}

}  // namespace bookafy::sandbox
