#pragma once

#include <string>
#include <vector>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"
#include "commands/owner.hpp"

namespace bookafy::commands {

struct CreateArgs {
  std::string url;
  std::vector<std::string> events;
  Scope scope = Scope::user;
  OwnerArgs owner;
  std::string signing_key_file;  ///< `-` is standard input
  bool allow_unknown_event = false;
};

/// Makes a subscription and prints it.
ExitStatus run(const CreateArgs& args, Context& context);

}  // namespace bookafy::commands
