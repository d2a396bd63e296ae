/// Names of events that are looked for: unlike one that is to be subscribed to, one that nobody knows does no harm, and
/// finds nothing.
#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

/// Empty names are none.
void warn_of_unknown_events(const std::vector<std::string>& events, Context& context);

}  // namespace bookafy::commands
