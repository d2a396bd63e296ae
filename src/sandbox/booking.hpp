/// What can happen to bookings. Each answers the changes; nothing is applied here.
#pragma once

#include <string>

#include "bookafy/timestamp.hpp"
#include "sandbox/world.hpp"

namespace bookafy::sandbox {

/// `{canceled_by, canceler_type, created_at, reason}`
Value cancellation(std::string_view canceled_by, std::string_view canceler_type, std::string_view reason,
                   Timestamp instant);
/// The document as it is once canceled: status, cancellation, updated_at.
Value canceled(Value document, const Value& cancellation);

/// Somebody books: the event is theirs alone.
Changes book(const World& world, Value event, Value invitee, Timestamp now);
/// One invitee calls it off. A one-to-one event goes with them, a group event goes on.
Changes cancel_invitee(const World& world, const Value& invitee, const Value& cancellation);
/// One invitee moves to another event of their own, in which they get the id of `new_invitee`. Which of its two
/// occurrences comes first is the caller's choice: nobody may rely on it.
struct Rescheduling {
  std::string new_invitee;  ///< path, below that of the new event
  Timestamp start;
  Value cancellation;
  bool creation_first = false;
};
Changes reschedule_invitee(const World& world, const Value& invitee, const Rescheduling& rescheduling);
/// A routing form was filled in.
Changes submit_form(const World& world, Value submission, Timestamp now);
/// The scheduled event and all its active invitees.
Changes cancel_event(const World& world, const Value& event, const Value& cancellation);
/// The new no-show and its invitee; nobody hears of it.
Changes mark_no_show(const Value& invitee, const std::string& no_show, Timestamp now);
/// The same, and subscribers hear of it.
Changes report_no_show(const World& world, const Value& invitee, const std::string& no_show, Timestamp now);
/// The no-show away, its invitee as before.
Changes clear_no_show(const World& world, const Value& no_show, Timestamp now);

}  // namespace bookafy::sandbox
