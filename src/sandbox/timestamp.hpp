/// The API's date-times: `2026-03-04T05:06:07.123456Z`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bookafy::sandbox {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// Six decimals and `Z`. Texts of this form sort as their times do.
std::string format_instant(Instant instant);
/// UTC with 0 to 9 decimals and `Z`; nullopt for anything else and for days that no calendar has.
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace bookafy::sandbox
