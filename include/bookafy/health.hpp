/// What is wrong with the subscriptions of an account: a pure look at them.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/subscription.hpp"
#include "bookafy/timestamp.hpp"

namespace bookafy {

enum class Ailment { disabled, failing, overlap };

/// `disabled`, `failing`, `overlap`
std::string_view to_string(Ailment ailment);

struct Finding {
  Ailment ailment = Ailment::disabled;
  Subscription subscription{};
  std::string since{};                         ///< of a failing one: when, as the API says it
  std::optional<std::chrono::seconds> left{};  ///< of a failing one: until it is disabled, at least 0
  std::string other{};                         ///< of an overlap: the URI of the earlier one
  std::vector<std::string> events{};           ///< of an overlap: what both get
};

/// After so long of failing deliveries the API disables a subscription.
inline constexpr std::chrono::hours failing_limit{24};

/// A finding each for what is disabled or failing, in their order, then one for each active subscription that gets the
/// same events of the same people at the same host as an earlier one.
std::vector<Finding> find_ailments(std::span<const Subscription> subscriptions, Timestamp now);

}  // namespace bookafy
