// TIME as users write it, in several time zones and on the days when clocks change.
#include "commands/time_option.hpp"

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "time_zone.hpp"

using namespace bookafy;

namespace {

struct TimeRow {
  std::string zone, now, text, expected;
};

std::string read_time(const TimeRow& row) {
  const TimeZone zone(row.zone);
  return format_timestamp(commands::parse_time_option("--from", row.text, *parse_timestamp(row.now)));
}

}  // namespace

TEST_CASE("an option takes a time in every form, in the local time zone") {
  const std::string vienna = "Europe/Vienna";
  const std::string now = "2026-11-26T23:30:15.250000Z";  // the 27th in Vienna
  const std::vector<TimeRow> rows{
      {vienna, now, "2026-11-23T09:30:00Z", "2026-11-23T09:30:00.000000Z"},
      {vienna, now, "2026-11-23t09:30:00.1234567+01:00", "2026-11-23T08:30:00.123456Z"},
      {vienna, now, "2026-06-30T23:59:60Z", "2026-07-01T00:00:00.000000Z"},
      {vienna, now, "1795426200", "2026-11-23T09:30:00.000000Z"},
      {vienna, now, "0", "1970-01-01T00:00:00.000000Z"},
      {vienna, now, "now", now},
      {vienna, now, "2026-11-26", "2026-11-25T23:00:00.000000Z"},
      {"UTC", now, "2026-11-26", "2026-11-26T00:00:00.000000Z"},
      {"Asia/Kathmandu", now, "2026-11-26", "2026-11-25T18:15:00.000000Z"},
      {"Pacific/Kiritimati", now, "2026-11-26", "2026-11-25T10:00:00.000000Z"},
      {"Etc/GMT+12", now, "2026-11-26", "2026-11-26T12:00:00.000000Z"},
      {vienna, now, "2028-02-29", "2028-02-28T23:00:00.000000Z"},
      {vienna, now, "today", "2026-11-26T23:00:00.000000Z"},
      {vienna, now, "yesterday", "2026-11-25T23:00:00.000000Z"},
      {vienna, now, "tomorrow", "2026-11-27T23:00:00.000000Z"},
      {"UTC", now, "today", "2026-11-26T00:00:00.000000Z"},
      {"America/New_York", now, "today", "2026-11-26T05:00:00.000000Z"},
      {vienna, now, "45s", "2026-11-26T23:29:30.000000Z"},
      {vienna, now, "90m", "2026-11-26T22:00:15.000000Z"},
      {vienna, now, "36h", "2026-11-25T11:30:15.000000Z"},
      {vienna, now, "7d", "2026-11-19T23:30:15.000000Z"},
      {vienna, now, "2w", "2026-11-12T23:30:15.000000Z"},
      {vienna, now, "0d", "2026-11-26T23:30:15.000000Z"},
      {vienna, now, "+7d", "2026-12-03T23:30:15.000000Z"},
      {vienna, now, "+90m", "2026-11-27T01:00:15.000000Z"},
      // The day has 23 hours, then one of 25; a duration of a day has 24 in any case.
      {vienna, "2026-03-29T10:00:00Z", "today", "2026-03-28T23:00:00.000000Z"},
      {vienna, "2026-03-29T10:00:00Z", "tomorrow", "2026-03-29T22:00:00.000000Z"},
      {vienna, "2026-03-29T22:00:00Z", "yesterday", "2026-03-28T23:00:00.000000Z"},
      {vienna, "2026-03-29T10:00:00Z", "1d", "2026-03-28T10:00:00.000000Z"},
      {vienna, "2026-10-25T10:00:00Z", "today", "2026-10-24T22:00:00.000000Z"},
      {vienna, "2026-10-25T10:00:00Z", "tomorrow", "2026-10-25T23:00:00.000000Z"},
      {vienna, "2026-10-25T23:00:00Z", "yesterday", "2026-10-24T22:00:00.000000Z"},
      // Where clocks skip midnight, the day begins at one.
      {"Africa/Cairo", now, "2026-04-24", "2026-04-23T22:00:00.000000Z"},
      {"Pacific/Apia", now, "2011-12-30", "2011-12-30T10:00:00.000000Z"},  // a date that Samoa skipped
      {"Pacific/Apia", now, "2011-12-31", "2011-12-30T10:00:00.000000Z"},
  };
  for (const TimeRow& row : rows) {
    INFO(row.text << " in " << row.zone << " at " << row.now);
    CHECK(read_time(row) == row.expected);
  }
}

TEST_CASE("what is no time is refused, naming the option and the forms") {
  for (const std::string text : {"",
                                 " ",
                                 "-5m",
                                 "-1",
                                 "+5",
                                 "+",
                                 "++5m",
                                 "+-5m",
                                 "+now",
                                 "1.5h",
                                 "7D",
                                 "7M",
                                 "7y",
                                 "d",
                                 "7dd",
                                 "1h30m",
                                 "7 d",
                                 " 7d",
                                 "7d ",
                                 "7d\n",
                                 "5min",
                                 "0x10",
                                 "1e9",
                                 "1795426200000",
                                 "1795426200.5",
                                 "NOW",
                                 "Today",
                                 "noon",
                                 "2026-02-30",
                                 "2026-13-01",
                                 "2026-00-10",
                                 "2026-11-00",
                                 "2026-11-2",
                                 "26-11-26",
                                 "2026/11/26",
                                 "20261126T0000",
                                 "2026-11-26T",
                                 "2026-11-26T09:30",
                                 "2026-11-26T09:30:00",
                                 "2026-11-26T24:00:00Z",
                                 "2026-11-26T09:30:61Z",
                                 "2026-11-26T09:30:00Z ",
                                 "2027-02-29",
                                 "99999999999w",
                                 "+99999999999w",
                                 "999999999999999999999d",
                                 "0000-01-01",
                                 "9999-12-31T23:59:59-00:01"}) {
    INFO('"' << text << '"');
    const auto error =
        error_of([&] { commands::parse_time_option("--since", text, *parse_timestamp("2026-11-26T00:00:00Z")); });
    REQUIRE(error);
    CHECK(error->kind == ErrorKind::usage);
    CHECK(error->message == "invalid value \"" + text + "\" for --since");
    CHECK(error->hint.find("RFC 3339") != std::string::npos);
  }
}
