/// Bookings in SQLite: stored as states of invitees, put together when they are read.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"
#include "delivery/booking.hpp"
#include "delivery/delivery.hpp"
#include "storage/sqlite.hpp"

namespace bookafy::delivery {

/// Orders the states of an invitee: by `updated_at`, and those of one `updated_at` by the time they were sent.
struct StateTime {
  std::optional<Timestamp> updated_at;  ///< nullopt: unknown
  std::optional<Timestamp> sent_at;
};

/// Adds to the table `invitee_states`. An older state never undoes a newer one, and a cancellation is final.
class InviteeStates {
 public:
  explicit InviteeStates(storage::Database& database);

  /// The state in a delivery's payload; no effect unless it is an invitee's.
  void add(const Delivery& delivery);
  /// An invitee with its scheduled event (null when unknown); the source is `delivery` or `api`.
  void add(const Value& invitee, const Value& event, const StateTime& time, std::string_view source);

 private:
  storage::Statement insert_;
};

/// Puts the bookings together in a temporary table, which SQLite keeps in a file when it is large.
void collect_bookings(storage::Database& database);
/// Reads the collected bookings, until `use` returns false.
void each_collected_booking(storage::Database& database, const std::function<bool(const Booking&)>& use);

}  // namespace bookafy::delivery
