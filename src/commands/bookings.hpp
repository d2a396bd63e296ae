#pragma once

#include <string>

#include "commands/context.hpp"

namespace bookafy::commands {

struct BookingsArgs {
  std::string store;
  std::string status;  ///< `active`, `canceled`, `rescheduled`, or empty: all
  bool sync = false;   ///< first fill gaps from the API
  std::string since;   ///< with sync: events that begin at this time or later; empty: all
  Owner owner;
};

/// Prints what the deliveries in a store say: a row an invitee.
ExitStatus run(const BookingsArgs& args, Context& context);

}  // namespace bookafy::commands
