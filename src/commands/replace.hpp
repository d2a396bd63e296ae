#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

/// What is empty is taken over from the old one.
struct ReplaceArgs {
  std::string subscription;  ///< URI or id
  std::string url;
  std::vector<std::string> events;
  std::string signing_key_file;      ///< `-` is standard input
  std::string generate_signing_key;  ///< a new file for a new key
  bool dry_run = false;
  bool allow_unknown_event = false;
};

/// Makes a subscription anew, changed or revived, in the place of an old one.
ExitStatus run(const ReplaceArgs& args, Context& context);

}  // namespace bookafy::commands
