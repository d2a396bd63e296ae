/// What could come next on an unfinished command line.
#pragma once

#include <string>
#include <vector>

#include "cli/invocation.hpp"

namespace bookafy::cli {

/// The words after the program's name, the last of them unfinished and perhaps empty. Never throws for what they say:
/// where nothing is known, there is nothing to offer. Only the options that say which API to ask, and with which
/// token, are taken over from the line.
Invocation complete(std::vector<std::string> words);

}  // namespace bookafy::cli
