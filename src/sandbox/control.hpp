/// The sandbox's own endpoints, beside those of the API. They make things happen as people outside would, want a token
/// as the API does, and answer `{"resource": …}` with status 201 unless it says otherwise:
///
/// - `POST /sandbox/bookings` `{"host"?: user URI, "start_time"?, "name"?, "email"?}`: somebody books with the host,
///   without one with the token's user; the invitee
/// - `POST /sandbox/cancellations` `{"invitee": URI, "reason"?}`: the invitee cancels; the invitee
/// - `POST /sandbox/reschedulings` `{"invitee": URI, "start_time"?, "reason"?}`: the invitee moves; the new invitee
/// - `POST /sandbox/no_shows` `{"invitee": URI}`: the host notes a no-show; the no-show
/// - `POST /sandbox/routing_form_submissions` `{"form"?: URI}`: somebody fills in the form (the first published one)
/// - `GET /sandbox/deliveries`: the delivery log, 200, with the paging and sorting of the API's lists; `state`, `event`
///   and `subscription` narrow it
/// - `GET /sandbox/deliveries/<id>`: one of them, 200, with the envelope that is sent
///
/// What they refer to and does not exist is a 400 with details, so that a 404 says that this is no sandbox.
#pragma once

#include <string_view>

#include "bookafy/client.hpp"

namespace bookafy::sandbox {

namespace control {
inline constexpr std::string_view bookings = "/sandbox/bookings";
inline constexpr std::string_view cancellations = "/sandbox/cancellations";
inline constexpr std::string_view reschedulings = "/sandbox/reschedulings";
inline constexpr std::string_view no_shows = "/sandbox/no_shows";
inline constexpr std::string_view submissions = "/sandbox/routing_form_submissions";
inline constexpr std::string_view deliveries = "/sandbox/deliveries";
}  // namespace control

/// Posts to one of them and returns the resource. Throws Error; where nothing is known of that endpoint its hint says
/// so.
Value make_happen(Client& client, std::string_view endpoint, const Value& body);

}  // namespace bookafy::sandbox
