#include "system/local_time.hpp"

#include <ctime>

namespace bookafy::system {

using std::chrono::sys_days;
using std::chrono::sys_seconds;

std::chrono::year_month_day local_date(sys_seconds time) {
  tzset();  // localtime_r need not read TZ
  const std::time_t count = time.time_since_epoch().count();
  std::tm parts{};
  localtime_r(&count, &parts);
  return std::chrono::year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
}

sys_seconds local_midnight(sys_days date) {
  // mktime leaves open what it makes of a midnight that clocks skip or repeat. No zone is further from UTC than this.
  constexpr std::chrono::hours furthest_offset{26};
  sys_seconds before = date - furthest_offset;
  sys_seconds begun = date + furthest_offset;
  while (begun - before > std::chrono::seconds(1)) {
    const sys_seconds middle = before + (begun - before) / 2;
    (sys_days(local_date(middle)) >= date ? begun : before) = middle;
  }
  return begun;
}

}  // namespace bookafy::system
