#pragma once

#include <string>
#include <vector>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"
#include "commands/owner.hpp"

namespace bookafy::commands {

/// What a subscription with the same callback URL, scope and owner means.
enum class IfExists { fail, skip, replace };

struct CreateArgs {
  std::string url;
  std::vector<std::string> events;
  Scope scope = Scope::user;
  Owner owner;
  std::string signing_key_file;      ///< `-` is standard input
  std::string generate_signing_key;  ///< a new file for a new key
  IfExists if_exists = IfExists::fail;
  bool dry_run = false;
  bool allow_unknown_event = false;
};

/// Makes a subscription and prints it.
ExitStatus run(const CreateArgs& args, Context& context);

}  // namespace bookafy::commands
