/// Requests counted a user and minute.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "bookafy/timestamp.hpp"

namespace bookafy::sandbox {

class RateLimit {
 public:
  explicit RateLimit(int limit) : limit_(limit) {}

  struct Verdict {
    bool allowed = false;
    int limit = 0;
    int remaining = 0;
    int reset = 0;  ///< seconds until the count starts anew, 1 to 60
  };
  /// Counts one request. A minute begins with the user's first request in it. Free accounts have a tenth.
  Verdict count(const std::string& user, bool free, Timestamp now);

 private:
  struct Window {
    Timestamp begin;
    int used = 0;
  };

  int limit_;
  std::map<std::string, Window> windows_;
};

}  // namespace bookafy::sandbox
