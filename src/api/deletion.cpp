#include <fmt/format.h>
#include <fmt/ranges.h>

#include <deque>
#include <functional>

#include "api/answer.hpp"
#include "api/client_state.hpp"

namespace bookafy {
namespace {

// How many deletes may be queued behind the one whose turn it is to be told.
constexpr std::size_t deletions_ahead = 200;

void expect_deleted(net::Answer answer, const Resource& subscription) {
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  if (response && response->status == 404 && answer.maybe_done_before) return;
  expect_success(std::move(answer), fmt::format("cannot delete the subscription {}", subscription.id));
}

/// The deletes of one run, several of them under way at once.
class Deletes {
 public:
  using Each = std::function<void(Outcome)>;

  Deletes(Connection& connection, const std::vector<Resource>& subscriptions, const Each& each)
      : connection_(connection), subscriptions_(subscriptions), each_(each) {}

  void run() {
    try {
      while (told_ < subscriptions_.size()) {
        submit_ahead();
        const auto ticket = tickets_.front();
        net::Answer answer = connection_.await(ticket);
        tickets_.pop_front();
        tell(subscriptions_[told_++], std::move(answer));
      }
    } catch (http::Interrupted& interrupted) {
      interrupted.account = settle();
      throw;
    }
  }

 private:
  void submit_ahead() {
    for (std::size_t next = told_ + tickets_.size(); next < subscriptions_.size() && tickets_.size() < deletions_ahead;
         ++next)
      tickets_.push_back(connection_.submit("DELETE", subscriptions_[next].path()));
  }

  void tell(const Resource& subscription, net::Answer answer) const {
    Outcome outcome{.resource = subscription, .document = {}, .error = {}, .not_begun = answer.not_begun};
    try {
      expect_deleted(std::move(answer), subscription);
    } catch (const Error& error) {
      outcome.error = error;
    }
    each_(std::move(outcome));
  }

  /// Tells what was answered out of turn, and returns what is not known of the others.
  std::string settle() const {
    std::vector<std::string> uncertain;
    std::size_t unsent = subscriptions_.size() - told_ - tickets_.size();
    for (std::size_t i = 0; i < tickets_.size(); ++i) {
      const Resource& subscription = subscriptions_[told_ + i];
      switch (connection_.fate(tickets_[i])) {
        case net::Fate::answered: tell(subscription, connection_.await(tickets_[i])); break;
        case net::Fate::uncertain: uncertain.push_back(subscription.id); break;
        case net::Fate::unsent: ++unsent; break;
      }
    }
    std::string account;
    if (uncertain.size() == 1)
      account = fmt::format("the delete of {} was under way: it may be gone", uncertain.front());
    else if (!uncertain.empty())
      account = fmt::format("the deletes of {} subscriptions were under way, and they may be gone: {}",
                            uncertain.size(), fmt::join(uncertain, ", "));
    if (unsent > 0) account += fmt::format("{}{} were not begun", account.empty() ? "" : "; ", unsent);
    return account;
  }

  Connection& connection_;
  const std::vector<Resource>& subscriptions_;
  const Each& each_;
  std::deque<std::uint64_t> tickets_;  ///< of those under way
  std::size_t told_ = 0;
};

}  // namespace

void Client::remove(const Resource& subscription) {
  remove_many({subscription}, [](const Outcome& outcome) {
    if (outcome.error) throw *outcome.error;
  });
}

void Client::remove_many(const std::vector<Resource>& subscriptions, const std::function<void(Outcome)>& each) {
  Deletes(state_->connection, subscriptions, each).run();
}

}  // namespace bookafy
