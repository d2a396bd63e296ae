#include "bookafy/timestamp.hpp"

#include <fmt/chrono.h>

#include <charconv>

namespace bookafy {
namespace {

/// Reads fixed-width fields from the front of a text; once something does not fit, everything after fails.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int number(std::size_t width, int least, int most) {
    int value = -1;
    const char* end = text_.data() + std::min(width, text_.size());
    auto [stop, problem] = std::from_chars(text_.data(), end, value);
    good_ = good_ && text_.size() >= width && text_.front() != '-' && problem == std::errc{} && stop == end &&
            value >= least && value <= most;
    text_.remove_prefix(std::min(width, text_.size()));
    return value;
  }
  void literal(std::string_view allowed) {
    good_ = good_ && !text_.empty() && allowed.find(text_.front()) != std::string_view::npos;
    if (!text_.empty()) text_.remove_prefix(1);
  }
  std::chrono::microseconds fraction() {
    if (!next_is('.')) return {};
    text_.remove_prefix(1);
    std::int64_t micros = 0;
    std::size_t digits = 0;
    for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits)
      if (digits < 6) micros = micros * 10 + (text_[digits] - '0');
    for (std::size_t i = digits; i < 6; ++i) micros *= 10;
    good_ = good_ && digits >= 1 && digits <= 9;
    text_.remove_prefix(digits);
    return std::chrono::microseconds(micros);
  }
  std::chrono::minutes offset() {
    if (next_is('Z') || next_is('z')) {
      text_.remove_prefix(1);
      return {};
    }
    const int sign = next_is('-') ? -1 : 1;
    literal("+-");
    const int hours = number(2, 0, 23);
    literal(":");
    const int minutes = number(2, 0, 59);
    return sign * (std::chrono::hours(hours) + std::chrono::minutes(minutes));
  }
  bool next_is(char c) const { return !text_.empty() && text_.front() == c; }
  bool at_end() const { return good_ && text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  Reader reader(text);
  const int year_number = reader.number(4, 0, 9999);
  reader.literal("-");
  const int month_number = reader.number(2, 1, 12);
  reader.literal("-");
  const int day_number = reader.number(2, 1, 31);
  reader.literal("Tt ");
  const int hour = reader.number(2, 0, 23);
  reader.literal(":");
  const int minute = reader.number(2, 0, 59);
  reader.literal(":");
  const int second = reader.number(2, 0, 60);  // RFC 3339 allows leap seconds
  const microseconds fraction = reader.fraction();
  const minutes offset = reader.offset();
  const year_month_day date(year(year_number), month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number)));
  if (!reader.at_end() || !date.ok()) return std::nullopt;
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset;
}

std::string format_timestamp(Timestamp time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  // Not by way of system_clock: its nanoseconds end in 2262.
  const auto parts = fmt::gmtime(std::time_t{second.time_since_epoch().count()});
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", parts, (time - second).count());
}

}  // namespace bookafy
