#pragma once

#include <string>

#include "commands/context.hpp"

namespace bookafy::commands {

struct DeliveriesArgs {
  std::string store;
  std::string event;   ///< empty: all
  std::string since;   ///< received at this time or later; empty: all
  std::string replay;  ///< a URL to send them to, in order and freshly signed; empty: they are only listed
  std::string signing_key_file;
};

/// Prints the deliveries in a store, or sends them again and prints those that were taken.
ExitStatus run(const DeliveriesArgs& args, Context& context);

}  // namespace bookafy::commands
