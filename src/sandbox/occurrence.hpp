/// What happens in the world and subscribers hear of.
#pragma once

#include <string>
#include <vector>

#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"

namespace bookafy::sandbox {

class World;

struct Occurrence {
  std::string event;               ///< one of `known_events()`
  std::string organization;        ///< path
  std::vector<std::string> hosts;  ///< paths of the users whose event it is; none: a routing form's submission
  Value payload;                   ///< as the world is afterwards
  Timestamp at;
};

/// Something about an invitee. Both documents are as they are afterwards; the organization is that of the event's host.
Occurrence invitee_occurrence(const World& world, std::string_view event_name, const Value& invitee,
                              const Value& scheduled_event, Timestamp at);
/// A routing form was submitted.
Occurrence submission_occurrence(const World& world, const Value& submission, Timestamp at);

/// Whether a subscription, active or not, is told: it names the event, and its scope takes in the occurrence. A user
/// who left the organization is told nothing.
bool covers(const World& world, const Value& subscription, const Occurrence& occurrence);

}  // namespace bookafy::sandbox
