#include "commands/event_names.hpp"

#include <fmt/format.h>

#include "bookafy/event.hpp"
#include "bookafy/validation.hpp"

namespace bookafy::commands {

void warn_of_unknown_events(const std::vector<std::string>& events, Context& context) {
  std::vector<std::string_view> names;
  for (const Event& event : known_events()) names.push_back(event.name);
  for (const std::string& event : events) {
    if (event.empty() || find_event(event)) continue;
    const std::string meant = nearest(event, names);
    context.messages.warning(fmt::format("event {} is not known to this version{}", event,
                                         meant.empty() ? "" : fmt::format("; did you mean {}?", meant)));
  }
}

}  // namespace bookafy::commands
