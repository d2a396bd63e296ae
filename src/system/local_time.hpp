/// The calendar of the local time zone, which the environment variable TZ can override.
#pragma once

#include <chrono>

namespace bookafy::system {

/// The date in the local time zone at that instant.
std::chrono::year_month_day local_date(std::chrono::sys_seconds time);

/// The instant at which a date begins in the local time zone: its midnight, or the end of the gap where clocks skip
/// midnight.
std::chrono::sys_seconds local_midnight(std::chrono::sys_days date);

}  // namespace bookafy::system
