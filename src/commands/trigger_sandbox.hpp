/// What trigger makes happen in a sandbox, which then delivers to its subscribers.
#pragma once

#include "commands/trigger.hpp"

namespace bookafy::commands {

/// Whether `args.event` is one of book, cancel, reschedule, submit-form and no-show, and not an event's name.
bool is_happening(const TriggerArgs& args);
/// Makes it happen and prints the resource.
ExitStatus run_happening(const TriggerArgs& args, Context& context);

/// The words in the order of the help, each with what it does.
std::string happening_notes();

}  // namespace bookafy::commands
