#include "delivery/seen.hpp"

namespace bookafy::delivery {
namespace {

constexpr std::size_t most = 100'000;

}  // namespace

Seen::State Seen::state(const std::string& identity) const {
  const auto found = states_.find(identity);
  return found == states_.end() ? State::fresh : found->second;
}

void Seen::set(const std::string& identity, State state) {
  if (states_.insert_or_assign(identity, state).second) order_.push_back(identity);
  if (order_.size() <= most) return;
  states_.erase(order_.front());
  order_.pop_front();
}

}  // namespace bookafy::delivery
