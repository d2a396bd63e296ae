/// The values of options that take TIME.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "bookafy/timestamp.hpp"

namespace bookafy::commands {

/// Reads RFC 3339, a date (its midnight in the local time zone), unix seconds, `now`, `today`, `yesterday`, `tomorrow`,
/// or a duration before `now`: a whole number of `s`, `m`, `h`, `d` (24 h) or `w`; `+` in front means after `now`.
/// Throws Error (usage) that names the option when the text is none of these or not in the years 1 to 9999.
Timestamp parse_time_option(std::string_view option, const std::string& text,
                            std::chrono::system_clock::time_point now);

}  // namespace bookafy::commands
