#include "delivery/bookings.hpp"

#include <fmt/format.h>

#include "bookafy/resource.hpp"
#include "bookafy/timestamp.hpp"

namespace bookafy::delivery {
namespace {

constexpr std::string_view state_columns =
    "uri, moment, canceled, rescheduled, name, email, event, event_name, start_time, end_time, old_invitee, "
    "new_invitee, canceled_by, reason, no_show, source";

/// Every expression sees the row as it was: `moment` below is the old one. What describes the booking comes from the
/// newest state; a cancellation and the links of a reschedule are true for ever once they were heard of.
constexpr std::string_view merged = R"sql(
  moment = max(moment, excluded.moment),
  canceled = max(canceled, excluded.canceled),
  rescheduled = max(rescheduled, excluded.rescheduled),
  name = iif(excluded.moment >= moment, excluded.name, name),
  email = iif(excluded.moment >= moment, excluded.email, email),
  event = iif(excluded.moment >= moment, excluded.event, event),
  event_name = iif(excluded.moment >= moment AND excluded.event_name <> '', excluded.event_name, event_name),
  start_time = iif(excluded.moment >= moment AND excluded.start_time <> '', excluded.start_time, start_time),
  end_time = iif(excluded.moment >= moment AND excluded.end_time <> '', excluded.end_time, end_time),
  old_invitee = coalesce(excluded.old_invitee, old_invitee),
  new_invitee = coalesce(excluded.new_invitee, new_invitee),
  canceled_by = iif(excluded.canceled_by <> '', excluded.canceled_by, canceled_by),
  reason = iif(excluded.reason <> '', excluded.reason, reason),
  no_show = iif(excluded.moment >= moment, excluded.no_show, no_show),
  source = iif(excluded.source = 'delivery', excluded.source, source))sql";

/// A delivery's state comes once. The API's comes with every sync: one row an invitee is enough.
std::string insert_sql() {
  return fmt::format(
      "INSERT INTO invitee_states ({}) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, ''), nullif(?12, ''), ?13, ?14, ?15, ?16) "
      "ON CONFLICT (uri) WHERE source = 'api' DO UPDATE SET {}",
      state_columns, merged);
}

/// In the order of the URIs, because their index would otherwise be read and written all over.
std::string collect_sql() {
  return fmt::format(R"sql(
DROP TABLE IF EXISTS temp.bookings;
CREATE TEMPORARY TABLE bookings (
  number, uri TEXT PRIMARY KEY, moment, canceled, rescheduled, name, email, event, event_name, start_time, end_time,
  old_invitee, new_invitee, canceled_by, reason, no_show, source) WITHOUT ROWID;
INSERT INTO bookings (number, {0}) SELECT number, {0} FROM invitee_states WHERE true ORDER BY uri, number
ON CONFLICT (uri) DO UPDATE SET {1};
CREATE INDEX temp.bookings_by_old_invitee ON bookings (old_invitee) WHERE old_invitee IS NOT NULL;
CREATE INDEX temp.bookings_by_new_invitee ON bookings (new_invitee) WHERE new_invitee IS NOT NULL;
)sql",
                     state_columns, merged);
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

Bookings::Bookings(storage::Database& database) : insert_(database, insert_sql()) {}

void Bookings::add(const Value& invitee, const Value& event, std::int64_t moment, std::string_view source) {
  const Value* cancellation = invitee.find("cancellation");
  const Value none;
  const Value& why = cancellation ? *cancellation : none;
  const std::string event_uri = invitee.text_at("event");
  insert_.bind(1, invitee.text_at("uri"))
      .bind(2, moment)
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
      .run();
}

void Bookings::each(storage::Database& database, const std::function<bool(const Booking&)>& use) {
  database.execute(collect_sql().c_str());
  storage::Statement rows(database, joined_sql);
  while (rows.step() && use(booking_of(rows))) {
  }
}

bool tells_of_invitee(std::string_view event, std::string_view uri) {
  if (!event.starts_with("invitee")) return false;
  const auto resource = parse_resource(uri);
  return resource && resource->kind == ResourceKind::invitee;
}

std::int64_t moment_of(const Value& invitee, std::string_view fallback) {
  auto time = parse_timestamp(invitee.text_at("updated_at"));
  if (!time) time = parse_timestamp(fallback);
  return time ? time->time_since_epoch().count() : 0;
}

}  // namespace bookafy::delivery
