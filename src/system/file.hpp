/// Small files that hold secrets or settings.
#pragma once

#include <cstddef>
#include <string>

#include "bookafy/secret.hpp"
#include "system/input.hpp"

namespace bookafy::system {

/// A token or key: the file's content without one trailing newline; `-` reads standard input. Throws Error (usage) when
/// it cannot be read or is larger than 64 KiB; `what` (`the token file`) names it there.
Secret read_secret(const std::string& path, Input& standard_input, const std::string& what);

}  // namespace bookafy::system
