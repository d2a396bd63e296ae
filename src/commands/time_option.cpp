#include "commands/moment.hpp"

#include <fmt/format.h>

#include <charconv>

#include "bookafy/error.hpp"

namespace bookafy::commands {

Timestamp parse_moment(std::string_view option, const std::string& text) {
  constexpr std::size_t most_digits = 11;  // up to the year 5138; more would be milliseconds
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem == std::errc{} && end == text.data() + text.size() && text.size() <= most_digits)
    return Timestamp(std::chrono::seconds(seconds));
  if (const auto time = parse_timestamp(text)) return *time;
  throw Error(ErrorKind::usage,
              fmt::format("{} {} is neither RFC 3339 (2026-11-23T09:30:00Z) nor unix seconds", option, text));
}

}  // namespace bookafy::commands
