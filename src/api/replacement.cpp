#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "api/answer.hpp"
#include "api/client_state.hpp"
#include "api/creation.hpp"
#include "api/diagnosis.hpp"
#include "bookafy/event.hpp"
#include "bookafy/validation.hpp"
#include "net/curl_lines.hpp"

namespace bookafy {
namespace {

// The create, and what may have to be put back: once a delete is sent, the rate limit must not keep them from it.
constexpr std::size_t room_after_deletes = 2;

// As many as there are connections to an HTTP/1.1 server: a create that waited for one would leave its place empty.
constexpr std::size_t replacements_at_once = 8;

Resource resource_of(const Subscription& subscription) {
  if (auto resource = parse_resource_of(ResourceKind::subscription, subscription.uri)) return *resource;
  throw Error(ErrorKind::server, fmt::format("the server's {} is not the URI of a subscription", subscription.uri));
}

/// The old one as a create. Its key cannot be read: the new one's is the best guess at what its receiver expects.
NewSubscription restored(const Subscription& old, const NewSubscription& wished) {
  NewSubscription again = wished;
  again.url = old.callback_url;
  again.events = old.events;
  return again;
}

std::string repair_command(const NewSubscription& wished) {
  std::string line =
      fmt::format("bookafy create --url {} --event {} --scope {} --organization {}", net::shell_quoted(wished.url),
                  net::shell_quoted(fmt::format("{}", fmt::join(wished.events, ","))), to_string(wished.scope),
                  net::shell_quoted(wished.organization));
  if (!wished.user.empty()) line += " --user " + net::shell_quoted(wished.user);
  if (!wished.group.empty()) line += " --group " + net::shell_quoted(wished.group);
  if (wished.signing_key) line += " --signing-key-file FILE";
  if (!std::all_of(wished.events.begin(), wished.events.end(), find_event)) line += " --allow-unknown-event";
  return line;
}

/// One that somebody else has removed by now is gone as well.
void expect_gone(net::Answer answer, const Resource& subscription) {
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  if (response && response->status == 404) return;
  expect_success(std::move(answer), fmt::format("cannot delete the subscription {}", subscription.id));
}

/// One replacement on its way: each request goes out as soon as the answer before it is there.
class Swap {
 public:
  Swap(Client& client, Connection& connection, const Exchange& exchange)
      : client_(client), connection_(connection), present_(exchange.present), wished_(exchange.wished) {
    // Found out before anything is done: one that cannot be named cannot be deleted.
    outcome_.error = error_of([this] { std::for_each(present_.begin(), present_.end(), resource_of); });
    if (outcome_.error)
      phase_ = Phase::done;
    else if (moves())
      create(Phase::creating, wished_, {});
    else
      remove();
  }

  /// Does what can be done without waiting; whether that was all.
  bool advance() {
    while (!is_done()) {
      if (phase_ == Phase::removing ? !connection_.has_ended(ticket_) : !creation_->advance()) return false;
      if (phase_ == Phase::removing)
        removed();
      else
        created(creation_->take());
    }
    return true;
  }
  bool is_done() const { return phase_ == Phase::done; }
  const Replacement& outcome() const { return outcome_; }

  /// Until it is done: whether anything of it was sent.
  bool is_begun() const {
    const auto fate = phase_ == Phase::removing ? connection_.fate(ticket_) : creation_->fate();
    return outcome_.removed != Certainty::no || outcome_.made || fate != net::Fate::unsent;
  }
  /// What is not known of one begun and not done.
  std::string account() const;

 private:
  enum class Phase { removing, creating, restoring, done };

  bool moves() const { return !same_url(present_.front().callback_url, wished_.url); }
  void remove();
  void removed();
  void create(Phase phase, NewSubscription subscription, net::Turn turn);
  void created(const CreateOutcome& outcome);
  void restore();

  Client& client_;
  Connection& connection_;
  const std::vector<Subscription>& present_;
  const NewSubscription& wished_;
  Phase phase_ = Phase::removing;
  std::size_t gone_ = 0;      ///< of those present
  std::uint64_t ticket_ = 0;  ///< of a delete
  std::optional<Creation> creation_{};
  Replacement outcome_{};
};

void Swap::remove() {
  phase_ = Phase::removing;
  const std::size_t left = present_.size() - gone_;
  const std::size_t room = moves() ? 1 : left + room_after_deletes;
  ticket_ = connection_.submit("DELETE", resource_of(present_[gone_]).path(), {}, {.room = room, .follows = gone_ > 0});
}

void Swap::removed() {
  const Resource resource = resource_of(present_[gone_]);
  net::Answer answer = connection_.await(ticket_);
  const bool may_be_gone = may_have_taken_effect(answer);
  if (auto error = error_of([&] { expect_gone(std::move(answer), resource); })) {
    outcome_.error = std::move(error);
    phase_ = Phase::done;
    if (!moves() && gone_ > 0) return restore();
    if (!may_be_gone) return;
    if (outcome_.removed == Certainty::no) outcome_.removed = Certainty::unknown;
    if (!moves()) outcome_.repair = repair_command(wished_);
    return;
  }
  outcome_.removed = Certainty::yes;
  if (++gone_ < present_.size()) return remove();
  if (moves())
    phase_ = Phase::done;
  else
    create(Phase::creating, wished_, {.room = room_after_deletes, .follows = true});
}

void Swap::create(Phase phase, NewSubscription subscription, net::Turn turn) {
  phase_ = phase;
  creation_.emplace(client_, connection_, std::move(subscription), turn);
}

void Swap::created(const CreateOutcome& outcome) {
  const bool is_restored = std::exchange(phase_, Phase::done) == Phase::restoring;
  outcome_.created = std::max(outcome_.created, certainty_of(outcome));
  const Subscription* subscription = find_subscription(outcome);
  // After a conflict somebody else's has taken the place, and nothing is missing.
  const auto* refused = std::get_if<NotCreated>(&outcome);
  const bool is_conflict = refused && refused->error.status == 409;
  if (is_restored) {
    if (subscription)
      outcome_.put_back = *subscription;
    else if (!is_conflict)
      outcome_.repair = repair_command(restored(present_.front(), wished_));
  } else if (subscription) {
    outcome_.made = *subscription;
    if (moves()) remove();
  } else {
    outcome_.error = *find_error(outcome);
    if (!moves() && !is_conflict) restore();
  }
}

void Swap::restore() { create(Phase::restoring, restored(present_.front(), wished_), {.follows = true}); }

std::string Swap::account() const {
  const std::string& old = present_.front().uri;
  if (moves())
    return outcome_.made
               ? fmt::format("the new subscription {} was made; {} may still be there", outcome_.made->uri, old)
               : account_of_creates({wished_.url}, 0);
  auto mended = [](const std::string& what, const NewSubscription& missing) {
    return fmt::format("{}; if bookafy list shows none of {}, make it: {}", what, missing.url, repair_command(missing));
  };
  if (phase_ == Phase::removing)
    return mended(fmt::format("the delete of {} was under way: it may be gone", old), wished_);
  if (phase_ == Phase::creating)
    return mended(fmt::format("{} is gone, and the create of the new one was under way", old), wished_);
  return mended(fmt::format("{} is gone, and putting it back was under way", old), restored(present_.front(), wished_));
}

/// What is not known of a group that is interrupted, and how many of it and after it were not begun.
std::string account_of_group(const std::vector<Swap>& group, std::size_t unsent) {
  std::vector<std::string> parts;
  for (const Swap& one : group) {
    if (one.is_done()) continue;
    if (one.is_begun())
      parts.push_back(one.account());
    else
      ++unsent;
  }
  if (unsent > 0) parts.push_back(fmt::format("{} were not begun", unsent));
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

Replacement Client::replace(const Exchange& exchange) {
  Replacement outcome;
  replace_many({exchange}, [&](std::size_t, const Replacement& one) { outcome = one; });
  if (outcome.error && outcome.created == Certainty::no &&
      !same_url(exchange.wished.url, exchange.present.front().callback_url))
    outcome.error->hint = refusal_hint(*this, exchange.wished, *outcome.error);
  return outcome;
}

/// In groups, none of which is told of before its last is done: while whoever is told keeps us waiting no place is
/// empty.
void Client::replace_many(const std::vector<Exchange>& exchanges,
                          const std::function<void(std::size_t, const Replacement&)>& each) {
  Connection& connection = state_->connection;
  for (std::size_t first = 0; first < exchanges.size(); first += replacements_at_once) {
    std::vector<Swap> group;
    auto tell = [&] {
      for (std::size_t i = 0; i < group.size(); ++i)
        if (group[i].is_done()) each(first + i, group[i].outcome());
    };
    const std::size_t end = std::min(first + replacements_at_once, exchanges.size());
    group.reserve(end - first);
    for (std::size_t i = first; i < end; ++i) group.emplace_back(*this, connection, exchanges[i]);
    try {
      while (std::count_if(group.begin(), group.end(), std::mem_fn(&Swap::advance)) != std::ssize(group))
        connection.progress();
    } catch (http::Interrupted& interrupted) {
      interrupted.account = account_of_group(group, exchanges.size() - end);
      tell();
      throw;
    }
    tell();
  }
}

}  // namespace bookafy
