#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

struct CompletionArgs {
  std::string shell;  ///< `bash`, `zsh` or `fish`
};

/// Prints the completion script.
ExitStatus run(const CompletionArgs& args, Context& context);

struct Candidate {
  std::string text;
  std::string description;
};

/// What the scripts ask for with `bookafy __complete WORD…`.
struct CompleteArgs {
  enum class Live { nothing, profiles, subscriptions };
  enum class Rest { nothing, files, programs };

  std::string prefix{};  ///< what of the word stands already: `--output=` or `invitee.created,`
  std::vector<Candidate> candidates{};
  Live live = Live::nothing;  ///< what else there is to offer, to be looked up
  Owner owner{};              ///< whose subscriptions
  Rest rest = Rest::nothing;  ///< what the shell knows better
};

/// Prints one candidate a line, with its description after a tab; a line `:files` or `:programs` where names of these
/// are wanted.
ExitStatus run(const CompleteArgs& args, Context& context);

}  // namespace bookafy::commands
