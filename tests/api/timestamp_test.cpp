// The API's times. The suite's own time zone must not matter.
#include "bookafy/timestamp.hpp"

#include <stdlib.h>
#include <time.h>

#include "catch.hpp"

using namespace bookafy;

namespace {

/// Another time zone for as long as it lives.
class TimeZone {
 public:
  explicit TimeZone(const char* name) {
    if (const char* before = getenv("TZ")) before_ = before;
    setenv("TZ", name, 1);
    tzset();
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;
  ~TimeZone() {
    before_.empty() ? unsetenv("TZ") : setenv("TZ", before_.c_str(), 1);
    tzset();
  }

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("times are read with any decimals and offset, in every time zone") {
  struct Row {
    std::string text, formatted;
  };
  const std::vector<Row> rows{
      {"2026-03-04T05:06:07.123456Z", "2026-03-04T05:06:07.123456Z"},
      {"2026-03-04T05:06:07Z", "2026-03-04T05:06:07.000000Z"},
      {"2026-03-04T05:06:07.1Z", "2026-03-04T05:06:07.100000Z"},
      {"2026-03-04T05:06:07.123Z", "2026-03-04T05:06:07.123000Z"},
      {"2026-03-04T05:06:07.123456789Z", "2026-03-04T05:06:07.123456Z"},
      {"2026-03-04t05:06:07z", "2026-03-04T05:06:07.000000Z"},
      {"2026-03-04 05:06:07Z", "2026-03-04T05:06:07.000000Z"},
      {"2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07.000000Z"},
      {"2026-03-04T05:06:07-09:30", "2026-03-04T14:36:07.000000Z"},
      {"2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00.000000Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
      {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
  };
  for (const auto* zone : {"UTC", "Asia/Kathmandu", "America/St_Johns", "XYZ-14:30"}) {
    const TimeZone here(zone);
    for (const auto& row : rows) {
      INFO(row.text << " in " << zone);
      const auto time = parse_timestamp(row.text);
      REQUIRE(time);
      CHECK(format_timestamp(*time) == row.formatted);
    }
  }
}

TEST_CASE("anything else is no time") {
  for (const std::string text : {"",
                                 "2026",
                                 "2026-03-04",
                                 "2026-03-04T05:06Z",
                                 "2026-03-04T05:06:07",
                                 "2026-03-04T05:06:07.Z",
                                 "2026-03-04T05:06:07.1234567890Z",
                                 "2026-03-04T05:06:07.12x4Z",
                                 "2026-02-30T00:00:00Z",
                                 "2026-02-29T00:00:00Z",
                                 "2026-13-01T00:00:00Z",
                                 "2026-00-01T00:00:00Z",
                                 "2026-01-00T00:00:00Z",
                                 "2026-01-01T24:00:00Z",
                                 "2026-01-01T00:60:00Z",
                                 "2026-01-01T00:00:61Z",
                                 "2026-01-01T00:00:00+24:00",
                                 "2026-01-01T00:00:00+0100",
                                 "2026-01-01T00:00:00Zx",
                                 " 2026-01-01T00:00:00Z",
                                 "2026-01-01T00:00:00 Z",
                                 "-026-01-01T00:00:00Z",
                                 "-000-01-01T00:00:00Z",
                                 "2026-01-01T-0:00:00Z",
                                 "2026-01-01T00:-0:00Z",
                                 "2026-01-01T00:00:-0Z",
                                 "2026-01-01T00:00:00+-0:00",
                                 "2026-1-01T00:00:00Z",
                                 "+026-01-01T00:00:00Z",
                                 "12026-01-01T00:00:00Z",
                                 "Mon, 23 Nov 2026 09:00:00 GMT"}) {
    INFO(text);
    CHECK(!parse_timestamp(text));
  }
}
