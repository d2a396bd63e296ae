#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

struct TriggerArgs {
  std::string event;    ///< or what shall happen in a sandbox: book, cancel, reschedule, submit-form, no-show
  std::string invitee;  ///< whom it happens to
  std::string host;     ///< with whom they book
  std::string to;       ///< URL
  std::string signing_key_file;
  int count = 1;                  ///< 1 or more
  std::string at;                 ///< when it happens and is signed; empty: now
  std::vector<std::string> data;  ///< each `key=value`, or a file with a JSON object
  bool dry_run = false;
};

/// Sends sample deliveries and prints what was sent.
ExitStatus run(const TriggerArgs& args, Context& context);

}  // namespace bookafy::commands
