#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

struct InviteesArgs {
  std::vector<std::string> emails;  ///< addresses; empty: everybody
  std::string from;                 ///< TIME; empty: all times with an address or a meeting, else from now on
  std::string to;                   ///< TIME; empty: no end
  std::string status;               ///< the invitee's own: `active` or `canceled`; empty: any
  std::string meeting;              ///< URI or id of a scheduled event; empty: all
  Owner owner;
  std::optional<long long> limit;  ///< 1 or more
  std::string sort;                ///< `start_time:asc`, `start_time:desc` or empty
  int jobs = 0;                    ///< requests in flight at most; 0: the default
};

/// Prints who booked: one row an invitee, in the order of the meetings, as they arrive.
ExitStatus run(const InviteesArgs& args, Context& context);

}  // namespace bookafy::commands
