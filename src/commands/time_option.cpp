#include "commands/time_option.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "bookafy/error.hpp"
#include "system/local_time.hpp"

namespace bookafy::commands {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using UnixTime = std::chrono::sys_seconds;  // microseconds would overflow for a duration of many weeks

// 11 digits reach the year 5138; 12 and more are milliseconds.
constexpr std::size_t most_digits = 11;
constexpr UnixTime earliest = sys_days(year(1) / 1 / 1);
constexpr UnixTime latest = sys_days(year(10'000) / 1 / 1);

/// Digits and nothing else: no sign, no fraction, no blanks.
std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  if (text.empty() || text.size() > most_digits || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<seconds> parse_unit(char unit) {
  switch (unit) {
    case 's': return std::chrono::seconds(1);
    case 'm': return std::chrono::minutes(1);
    case 'h': return std::chrono::hours(1);
    case 'd': return std::chrono::days(1);
    case 'w': return std::chrono::weeks(1);
    default: return std::nullopt;
  }
}

std::optional<UnixTime> parse_duration(std::string_view text, UnixTime now) {
  const bool after = text.starts_with('+');
  if (after) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  const auto unit = parse_unit(text.back());
  const auto count = whole(text.substr(0, text.size() - 1));
  if (!unit || !count) return std::nullopt;
  return after ? now + *count * *unit : now - *count * *unit;
}

std::optional<sys_days> parse_date(std::string_view text) {
  if (text.size() != std::string_view("2026-11-26").size()) return std::nullopt;
  const auto midnight = parse_timestamp(std::string(text) + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*midnight);
}

std::optional<Timestamp> parse_day(std::string_view text, UnixTime now) {
  if (const auto date = parse_date(text)) return system::local_midnight(*date);
  const auto days_from_today = text == "today"       ? std::optional(0)
                               : text == "yesterday" ? std::optional(-1)
                               : text == "tomorrow"  ? std::optional(1)
                                                     : std::nullopt;
  if (!days_from_today) return std::nullopt;
  return system::local_midnight(sys_days(system::local_date(now)) + std::chrono::days(*days_from_today));
}

std::optional<Timestamp> parse_instant(const std::string& text, std::chrono::system_clock::time_point now) {
  const auto whole_now = std::chrono::floor<seconds>(now);
  if (text == "now") return std::chrono::floor<std::chrono::microseconds>(now);
  if (const auto number = whole(text)) return UnixTime(seconds(*number));
  if (const auto time = parse_duration(text, whole_now)) {
    if (*time < earliest || *time >= latest) return std::nullopt;
    return *time;
  }
  if (const auto midnight = parse_day(text, whole_now)) return midnight;
  return parse_timestamp(text);
}

}  // namespace

Timestamp parse_time_option(std::string_view option, const std::string& text,
                            std::chrono::system_clock::time_point now) {
  const auto time = parse_instant(text, now);
  if (time && *time >= earliest && *time < latest) return *time;
  Error error(ErrorKind::usage, fmt::format("invalid value \"{}\" for {}", text, option));
  error.hint =
      "use RFC 3339 (2026-11-23T09:30:00Z), a date (2026-11-23), unix seconds, now, today, yesterday, tomorrow, or a "
      "duration before now (90m, 36h, 7d, 2w) or after it (+7d)";
  throw error;
}

}  // namespace bookafy::commands
