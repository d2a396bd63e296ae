/// A create on its way, among others.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/connection.hpp"

namespace bookafy {

/// Never makes two: when the answer to the POST is lost it looks for its subscription before it sends again. It waits
/// for nothing itself: whoever wants it to go on drives the connection.
class Creation {
 public:
  /// Queues the request.
  Creation(Client& client, Connection& connection, NewSubscription wished, net::Turn turn = {});

  /// Does what can be done without waiting; whether that was all.
  bool advance();
  /// What became of it, once that was all. The refusal is the server's, without a hint.
  CreateOutcome take() { return std::move(*outcome_); }
  net::Fate fate() const;

 private:
  void send();
  void judge();
  void settle();
  void look_on();
  bool searched_in_vain();
  void send_again();
  CreateOutcome failure(Error error) const;

  Client& client_;
  Connection& connection_;
  NewSubscription wished_;
  net::Turn turn_;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t ticket_ = 0;
  int tries_ = 0;
  bool lost_ = false;          ///< a response was: from then on no refusal proves that nothing was created
  net::Answer answer_{};       ///< the last one
  std::optional<Pages> look_;  ///< after a lost answer
  std::optional<CreateOutcome> outcome_;
};

/// Whose creates were under way, by their callback URLs, and how many were not begun, as an interruption's account.
std::string account_of_creates(const std::vector<std::string>& uncertain, std::size_t unsent);

}  // namespace bookafy
