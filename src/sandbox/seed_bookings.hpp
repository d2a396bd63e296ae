/// The bookings and routing forms of the small world.
#pragma once

#include "sandbox/world.hpp"

namespace bookafy::sandbox {

/// Adds event types, scheduled events with invitees, no-shows, routing forms and their submissions to a world whose
/// people are already in `world`.
void add_bookings(Changes& world);

}  // namespace bookafy::sandbox
