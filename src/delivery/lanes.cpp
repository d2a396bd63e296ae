#include "delivery/lanes.hpp"

#include <algorithm>

#include "delivery/target.hpp"

namespace bookafy::delivery {

void Lanes::add(const Pending& pending) {
  // Without a URI nothing says what belongs together: a lane of its own.
  const std::string key = pending.uri.empty() ? std::to_string(pending.number) : pending.uri;
  lanes_[key].numbers.push_back(pending.number);
  lane_of_[pending.number] = key;
}

std::optional<std::int64_t> Lanes::next(Time now) const {
  if (target_failures_ > 0 && (under_way_ > 0 || now < target_due_)) return std::nullopt;
  auto start = lanes_.upper_bound(last_);
  for (std::size_t looked = 0; looked < lanes_.size(); ++looked, ++start) {
    if (start == lanes_.end()) start = lanes_.begin();
    const Lane& lane = start->second;
    if (!lane.under_way && now >= lane.due) return lane.numbers.front();
  }
  return std::nullopt;
}

void Lanes::begin(std::int64_t number) {
  last_ = lane_of_.at(number);
  lanes_.at(last_).under_way = true;
  ++under_way_;
}

std::optional<Lanes::Time> Lanes::due(Time now) const {
  if (target_failures_ > 0 && under_way_ > 0) return std::nullopt;
  std::optional<Time> soonest;
  for (const auto& [key, lane] : lanes_)
    if (!lane.under_way) soonest = std::min(soonest.value_or(Time::max()), std::max(lane.due, now));
  if (soonest && target_failures_ > 0) soonest = std::max(*soonest, target_due_);
  return soonest;
}

Lanes::LaneEntry Lanes::ended(std::int64_t number) {
  const auto lane = lanes_.find(lane_of_.at(number));
  lane->second.under_way = false;
  --under_way_;
  return lane;
}

void Lanes::taken(std::int64_t number) {
  const auto lane = ended(number);
  target_failures_ = 0;
  lane->second.failures = 0;
  lane->second.numbers.pop_front();
  lane_of_.erase(number);
  if (lane->second.numbers.empty()) lanes_.erase(lane);
}

std::chrono::milliseconds Lanes::refused(std::int64_t number, Time now) {
  Lane& lane = ended(number)->second;
  target_failures_ = 0;
  const auto wait = retry_wait(++lane.failures);
  lane.due = now + wait;
  return wait;
}

std::chrono::milliseconds Lanes::unreachable(std::int64_t number, Time now) {
  ended(number);
  // Several under way fail together; that is one failure of the target.
  if (target_failures_ == 0 || now >= target_due_) target_due_ = now + retry_wait(++target_failures_);
  return std::chrono::ceil<std::chrono::milliseconds>(target_due_ - now);
}

}  // namespace bookafy::delivery
