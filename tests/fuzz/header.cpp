// Numbers and dates of HTTP headers.
#include "fuzz/bytes.hpp"
#include "net/retry.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string value(fuzz::text(data, size));
  const std::chrono::system_clock::time_point now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  const auto date = net::parse_http_date(value);
  if (date) fuzz::promise(*date - now < std::chrono::hours(24 * 366 * 100));
  const auto number = net::small_number(value);
  if (number) fuzz::promise(*number >= 0);
  for (const int status : {429, 503}) {
    const http::Response response{status, {{"Retry-After", value}, {"X-RateLimit-Reset", value}}, {}};
    const auto wait = net::asked_wait(response, now);
    if (wait) fuzz::promise(wait->count() >= 0);
  }
  return 0;
}
