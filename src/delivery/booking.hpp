/// A booking, put together from everything received about one invitee URI.
#pragma once

#include <string>
#include <string_view>

namespace bookafy::delivery {

enum class BookingState { active, canceled, rescheduled };
std::string_view to_string(BookingState state);

/// Empty texts are unknown.
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
  std::string source;  ///< `delivery`, or `api` when only the API returned it
};

}  // namespace bookafy::delivery
