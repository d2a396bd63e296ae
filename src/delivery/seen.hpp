/// The deliveries of late, for a listener that stores none.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>

namespace bookafy::delivery {

/// Remembers the last hundred thousand.
class Seen {
 public:
  enum class State { fresh, printed, done };

  State state(const std::string& identity) const;
  void set(const std::string& identity, State state);

 private:
  std::unordered_map<std::string, State> states_;
  std::deque<std::string> order_;
};

}  // namespace bookafy::delivery
