/// Another time zone for as long as the object lives.
#pragma once

#include <stdlib.h>
#include <time.h>

#include <string>

class TimeZone {
 public:
  explicit TimeZone(const std::string& name) {
    if (const char* before = getenv("TZ")) before_ = before;
    setenv("TZ", name.c_str(), 1);
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
