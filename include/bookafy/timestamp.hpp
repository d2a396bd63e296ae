/// The API's times: UTC, RFC 3339.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bookafy {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// `2026-03-04T05:06:07Z` with 0 to 9 decimals (what is finer than a microsecond is dropped), or with an offset
/// (`+02:00`). nullopt for anything else, days that do not exist included.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// With six decimals: `2026-03-04T05:06:07.123456Z`.
std::string format_timestamp(Timestamp time);

}  // namespace bookafy
