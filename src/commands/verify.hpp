#pragma once

#include <string>

#include "commands/context.hpp"

namespace bookafy::commands {

struct VerifyArgs {
  std::string signing_key_file;  ///< `-` is standard input
  std::string signature;         ///< the header's value, or the whole header line
  int tolerance = 180;           ///< seconds
  std::string at;                ///< the time to check against; empty: now
  std::string body = "-";        ///< a file; `-` is standard input
};

/// Checks the signature of one delivery. Throws Error (unverified) with the reason when it is refused.
ExitStatus run(const VerifyArgs& args, Context& context);

}  // namespace bookafy::commands
