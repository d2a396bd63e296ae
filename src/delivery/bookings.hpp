/// The bookings that deliveries tell of: one an invitee URI, whatever order the deliveries came in.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "bookafy/value.hpp"
#include "storage/sqlite.hpp"

namespace bookafy::delivery {

enum class BookingState { active, canceled, rescheduled };
std::string_view to_string(BookingState state);

/// Empty texts are not known.
struct Booking {
  std::string uri;
  BookingState state = BookingState::active;
  std::string name;
  std::string email;
  std::string event;  ///< URI of the scheduled event
  std::string event_name;
  std::string start_time;
  std::string end_time;
  std::string old_invitee;     ///< what it was rescheduled from
  std::string old_start_time;  ///< and when that was to be
  std::string new_invitee;     ///< what it was rescheduled to
  std::string new_start_time;
  std::string canceled_by;
  std::string reason;
  bool no_show = false;
  std::string source;  ///< `delivery`, or `api` when no delivery told of it
};

/// The bookings of a ledger's database: kept as the states of invitees that were heard of, put together when read.
class Bookings {
 public:
  explicit Bookings(storage::Database& database);

  /// Notes an invitee as of one moment (microseconds since 1970), with its scheduled event when it is known (else
  /// null). An older state never undoes a newer one, and a cancellation is final.
  void add(const Value& invitee, const Value& event, std::int64_t moment, std::string_view source);

  /// Until `use` returns false. Through a temporary table, which SQLite keeps in a file when it is large.
  static void each(storage::Database& database, const std::function<bool(const Booking&)>& use);

 private:
  storage::Statement insert_;
};

/// Whether a delivery's payload is an invitee: by its event and its URI.
bool tells_of_invitee(std::string_view event, std::string_view uri);
/// `updated_at` in microseconds, or else that of `fallback`, or 0.
std::int64_t moment_of(const Value& invitee, std::string_view fallback);

}  // namespace bookafy::delivery
