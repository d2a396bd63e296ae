#pragma once

#include <string>
#include <vector>

#include "commands/context.hpp"

namespace bookafy::commands {

/// The arguments of `api`.
struct RequestArgs {
  std::vector<std::string> words;   ///< METHOD PATH, or PATH alone
  std::vector<std::string> fields;  ///< `key=value`: members of the body, or of the query with GET
  std::string input;                ///< file with the body, `-` is standard input; empty: none
};

/// Sends any request with the tool's token, retries and errors, and prints the answer.
ExitStatus run(const RequestArgs& args, Context& context);

}  // namespace bookafy::commands
