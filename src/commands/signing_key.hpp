/// Signing keys from files.
#pragma once

#include <string>

#include "bookafy/secret.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

/// The key in a file, `-` for standard input, masked in all messages from now on. Throws Error (usage) when it cannot
/// be read or is empty.
Secret read_signing_key(const std::string& file, Context& context);

}  // namespace bookafy::commands
