// A time that is read is written, and read as the same.
#include "bookafy/timestamp.hpp"

#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto time = parse_timestamp(fuzz::text(data, size));
  if (!time) return 0;
  const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*time)).year();
  // Offsets lead a few hours out of the four-digit years.
  if (year < std::chrono::year(0) || year > std::chrono::year(9999)) return 0;
  fuzz::promise(parse_timestamp(format_timestamp(*time)) == time);
  return 0;
}
