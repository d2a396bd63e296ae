/// What can happen to bookings. Each answers the changes; nothing is applied here.
#pragma once

#include <string>

#include "sandbox/timestamp.hpp"
#include "sandbox/world.hpp"

namespace bookafy::sandbox {

/// `{canceled_by, canceler_type, created_at, reason}`
Value cancellation(std::string_view canceled_by, std::string_view canceler_type, std::string_view reason,
                   Instant instant);
/// The document as it is once canceled: status, cancellation, updated_at.
Value canceled(Value document, const Value& cancellation);

/// The scheduled event and all its active invitees.
Changes cancel_event(const World& world, const Value& event, const Value& cancellation);
/// The new no-show and its invitee.
Changes mark_no_show(const Value& invitee, const std::string& no_show, Instant now);
/// The no-show away, its invitee as before.
Changes clear_no_show(const World& world, const Value& no_show, Instant now);

}  // namespace bookafy::sandbox
