#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

struct InspectArgs {
  std::vector<std::string> resources;  ///< URIs, paths, ids, `EVENT/INVITEE`, `me`; `-`: standard input
  bool follow = false;                 ///< add what a rescheduled invitee became or came from
  int jobs = 0;                        ///< requests in flight at most; 0: the default
};

/// Prints resources as the server has them, in input order.
ExitStatus run(const InspectArgs& args, Context& context);

}  // namespace bookafy::commands
