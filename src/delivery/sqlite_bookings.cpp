#include "delivery/sqlite_bookings.hpp"

#include <fmt/format.h>

#include "bookafy/resource.hpp"

namespace bookafy::delivery {
namespace {

constexpr std::string_view state_columns =
    "uri, moment, canceled, rescheduled, name, email, event, event_name, start_time, end_time, old_invitee, "
    "new_invitee, canceled_by, reason, no_show, source, sent_at";

/// Every expression sees the row as it was before. What describes the booking comes from the newest state; a
/// cancellation and the links of a reschedule stay.
std::string merge_sql() {
  return fmt::format(R"sql(
  moment = max(moment, excluded.moment),
  sent_at = iif({newer}, excluded.sent_at, sent_at),
  canceled = max(canceled, excluded.canceled),
  rescheduled = max(rescheduled, excluded.rescheduled),
  name = iif({newer}, excluded.name, name),
  email = iif({newer}, excluded.email, email),
  event = iif({newer}, excluded.event, event),
  event_name = iif({newer} AND excluded.event_name <> '', excluded.event_name, event_name),
  start_time = iif({newer} AND excluded.start_time <> '', excluded.start_time, start_time),
  end_time = iif({newer} AND excluded.end_time <> '', excluded.end_time, end_time),
  old_invitee = coalesce(excluded.old_invitee, old_invitee),
  new_invitee = coalesce(excluded.new_invitee, new_invitee),
  canceled_by = iif(excluded.canceled_by <> '', excluded.canceled_by, canceled_by),
  reason = iif(excluded.reason <> '', excluded.reason, reason),
  no_show = iif({newer}, excluded.no_show, no_show),
  source = iif(excluded.source = 'delivery', excluded.source, source))sql",
                     fmt::arg("newer", "(excluded.moment, excluded.sent_at) >= (moment, sent_at)"));
}

/// Each delivery adds a state; the API's, which comes with every sync, is one row an invitee.
std::string insert_sql() {
  return fmt::format(
      "INSERT INTO invitee_states ({}) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, ''), nullif(?12, ''), ?13, ?14, ?15, ?16, ?17) "
      "ON CONFLICT (uri) WHERE source = 'api' DO UPDATE SET {}",
      state_columns, merge_sql());
}

/// In the order of the URIs, because their index would otherwise be read and written all over.
std::string collect_sql() {
  return fmt::format(R"sql(
DROP TABLE IF EXISTS temp.bookings;
CREATE TEMPORARY TABLE bookings (
  number, uri TEXT PRIMARY KEY, moment, canceled, rescheduled, name, email, event, event_name, start_time, end_time,
  old_invitee, new_invitee, canceled_by, reason, no_show, source, sent_at) WITHOUT ROWID;
INSERT INTO bookings (number, {0}) SELECT number, {0} FROM invitee_states WHERE true ORDER BY uri, number
ON CONFLICT (uri) DO UPDATE SET {1};
CREATE INDEX temp.bookings_by_old_invitee ON bookings (old_invitee) WHERE old_invitee IS NOT NULL;
CREATE INDEX temp.bookings_by_new_invitee ON bookings (new_invitee) WHERE new_invitee IS NOT NULL;
)sql",
                     state_columns, merge_sql());
}

/// Either side of a reschedule knows the other, so that one of the two deliveries is enough to join them.
constexpr std::string_view joined_sql = R"sql(
WITH joined AS (
  SELECT number, uri, canceled, rescheduled, name, email, event, event_name, start_time, end_time,
         coalesce(old_invitee, (SELECT o.uri FROM bookings o WHERE o.new_invitee = b.uri)) AS old_uri,
         coalesce(new_invitee, (SELECT n.uri FROM bookings n WHERE n.old_invitee = b.uri)) AS new_uri,
         canceled_by, reason, no_show, source
  FROM bookings b)
SELECT uri, canceled, rescheduled, name, email, event, event_name, start_time, end_time,
       old_uri, (SELECT o.start_time FROM bookings o WHERE o.uri = old_uri),
       new_uri, (SELECT n.start_time FROM bookings n WHERE n.uri = new_uri),
       canceled_by, reason, no_show, source
FROM joined ORDER BY number)sql";

bool flag(const Value& object, std::string_view key) {
  const Value* member = object.find(key);
  return member && member->boolean() && *member->boolean();
}

bool is_object(const Value& parent, std::string_view key) {
  const Value* member = parent.find(key);
  return member && member->object();
}

std::int64_t microseconds(const std::optional<Timestamp>& time) {
  return time ? std::int64_t{time->time_since_epoch().count()} : 0;
}

Booking booking_of(const storage::Statement& row) {
  auto text = [&](int column) { return std::string(row.text(column)); };
  Booking booking{.uri = text(0),
                  .name = text(3),
                  .email = text(4),
                  .event = text(5),
                  .event_name = text(6),
                  .start_time = text(7),
                  .end_time = text(8),
                  .old_invitee = text(9),
                  .old_start_time = text(10),
                  .new_invitee = text(11),
                  .new_start_time = text(12),
                  .canceled_by = text(13),
                  .reason = text(14),
                  .no_show = row.integer(15) != 0,
                  .source = text(16)};
  if (row.integer(2) != 0 || !booking.new_invitee.empty())
    booking.state = BookingState::rescheduled;
  else if (row.integer(1) != 0)
    booking.state = BookingState::canceled;
  return booking;
}

}  // namespace

std::string_view to_string(BookingState state) {
  switch (state) {
    case BookingState::active: return "active";
    case BookingState::canceled: return "canceled";
    case BookingState::rescheduled: return "rescheduled";
  }
  return "";
}

InviteeStates::InviteeStates(storage::Database& database) : insert_(database, insert_sql()) {}

void InviteeStates::add(const Delivery& delivery) {
  if (!delivery.event.starts_with("invitee")) return;
  const auto resource = parse_resource(delivery.uri);
  if (!resource || resource->kind != ResourceKind::invitee) return;
  const Value& payload = *delivery.document.find("payload");
  const Value* event = payload.find("scheduled_event");
  const auto sent_at = parse_timestamp(delivery.created_at);
  auto updated_at = parse_timestamp(payload.text_at("updated_at"));
  if (!updated_at) updated_at = sent_at;
  add(payload, event ? *event : Value(), {updated_at, sent_at}, "delivery");
}

void InviteeStates::add(const Value& invitee, const Value& event, const StateTime& time, std::string_view source) {
  const Value* cancellation = invitee.find("cancellation");
  const Value none;
  const Value& why = cancellation ? *cancellation : none;
  const std::string event_uri = invitee.text_at("event");
  insert_.bind(1, invitee.text_at("uri"))
      .bind(2, microseconds(time.updated_at))
      .bind(3, std::int64_t{invitee.text_at("status") == "canceled"})
      .bind(4, std::int64_t{flag(invitee, "rescheduled")})
      .bind(5, invitee.text_at("name"))
      .bind(6, invitee.text_at("email"))
      .bind(7, event_uri.empty() ? event.text_at("uri") : event_uri)
      .bind(8, event.text_at("name"))
      .bind(9, event.text_at("start_time"))
      .bind(10, event.text_at("end_time"))
      .bind(11, invitee.text_at("old_invitee"))
      .bind(12, invitee.text_at("new_invitee"))
      .bind(13, why.text_at("canceled_by"))
      .bind(14, why.text_at("reason"))
      .bind(15, std::int64_t{is_object(invitee, "no_show")})
      .bind(16, source)
      .bind(17, microseconds(time.sent_at))
      .run();
}

void collect_bookings(storage::Database& database) { database.execute(collect_sql().c_str()); }

void each_collected_booking(storage::Database& database, const std::function<bool(const Booking&)>& use) {
  storage::Statement rows(database, joined_sql);
  while (rows.step() && use(booking_of(rows))) {
  }
}

}  // namespace bookafy::delivery
