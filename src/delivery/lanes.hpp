/// The order in which stored deliveries are passed on.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "delivery/delivery_store.hpp"

namespace bookafy::delivery {

/// A lane an invitee, in which one waits for the other; lanes do not wait for each other. When the target cannot be
/// reached at all, everything waits but for one probe at a time.
class Lanes {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void add(const Pending& pending);
  /// How many are held, those under way included.
  std::size_t size() const { return lane_of_.size(); }
  std::size_t under_way() const { return under_way_; }

  /// The next one that may be sent now; nullopt when there is none.
  std::optional<std::int64_t> next(Time now) const;
  /// The one that `next` returned was sent: it is under way until one of the following is called.
  void begin(std::int64_t number);
  /// When `next` may have one without anything ending before; nullopt: not before something ends.
  std::optional<Time> due(Time now) const;

  void taken(std::int64_t number);
  /// The target answered, but did not take it: its lane waits. Returns the wait.
  std::chrono::milliseconds refused(std::int64_t number, Time now);
  /// No answer: the target waits. Returns the wait.
  std::chrono::milliseconds unreachable(std::int64_t number, Time now);

 private:
  struct Lane {
    std::deque<std::int64_t> numbers;
    bool under_way = false;
    int failures = 0;
    Time due{};
  };
  using LaneEntry = std::map<std::string, Lane>::iterator;
  LaneEntry ended(std::int64_t number);

  std::map<std::string, Lane> lanes_;
  std::map<std::int64_t, std::string> lane_of_;  ///< of all that are held
  std::string last_;                             ///< the lane served last: the next one is looked for after it
  std::size_t under_way_ = 0;
  int target_failures_ = 0;
  Time target_due_{};
};

}  // namespace bookafy::delivery
