#pragma once

#include <string>

#include "commands/context.hpp"

namespace bookafy::commands {

struct ApplyArgs {
  std::string file;  ///< `-` is standard input
  Owner owner;       ///< of entries that name none
  std::string only;  ///< a pattern of callback URLs; empty: all
  bool prune = false;
  bool dry_run = false;
  bool detailed_exitcode = false;
  bool yes = false;
};

/// Brings the account to what a file says, after showing what that takes.
ExitStatus run(const ApplyArgs& args, Context& context);

}  // namespace bookafy::commands
