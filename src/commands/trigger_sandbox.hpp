/// What trigger makes happen in a sandbox, which then delivers to its subscribers.
#pragma once

#include <span>
#include <string_view>

#include "commands/trigger.hpp"

namespace bookafy::commands {

/// What can be made to happen: a word in the place of an event's name.
struct Happening {
  std::string_view word;
  std::string_view endpoint;
  bool takes_invitee;
  std::string_view summary;
};

/// In the order of the help.
std::span<const Happening> known_happenings();
/// Whether `event` is one of book, cancel, reschedule, submit-form and no-show, and not an event's name.
bool is_happening(std::string_view event);
/// Makes it happen and prints the resource.
ExitStatus run_happening(const TriggerArgs& args, Context& context);

/// The words in the order of the help, each with what it does.
std::string happening_notes();

}  // namespace bookafy::commands
