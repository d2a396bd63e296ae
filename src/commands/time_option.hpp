/// Points in time as users write them.
#pragma once

#include <string>
#include <string_view>

#include "bookafy/timestamp.hpp"

namespace bookafy::commands {

/// RFC 3339 or unix seconds. Throws Error (usage) that names the option.
Timestamp parse_moment(std::string_view option, const std::string& text);

}  // namespace bookafy::commands
