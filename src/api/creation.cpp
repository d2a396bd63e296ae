#include <fmt/format.h>

#include <deque>

#include "api/answer.hpp"
#include "api/client_state.hpp"
#include "api/codec.hpp"
#include "api/diagnosis.hpp"
#include "bookafy/timestamp.hpp"
#include "net/retry.hpp"

namespace bookafy {
namespace {

// How many creates may be queued behind the one whose turn it is to be told.
constexpr std::size_t creations_ahead = 200;

constexpr std::string_view attempted = "cannot create the subscription";

// The Date header, which tells the server's clock, knows whole seconds only.
constexpr std::chrono::seconds clock_tolerance{2};

int status_of(const net::Answer& answer) {
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  return response ? response->status : 0;
}

/// A subscription can have been made although we did not get to know: no answer, a server error, or a success that
/// cannot be read.
bool is_lost(const net::Answer& answer) {
  if (const auto* failure = std::get_if<http::Failure>(&answer.outcome)) return failure->sent;
  const int status = status_of(answer);
  if (status < 200 || status > 299) return status >= 500 || status == 408;
  try {
    to_subscription(expect_resource(answer, attempted));
    return false;
  } catch (const Error&) {
    return true;
  }
}

/// An answer that leaves no doubt: the subscription, or a refusal with what to do about it.
Subscription definite(Client& client, net::Answer answer, const NewSubscription& wished) {
  try {
    return to_subscription(expect_resource(std::move(answer), attempted));
  } catch (Error& refusal) {
    refusal.hint = refusal_hint(client, wished, refusal);
    if (refusal.status == 409) refusal.hint = "--if-exists skip takes what is there, --if-exists replace makes it anew";
    throw;
  }
}

/// The newest first, so that a search for something just made ends on the first page.
Pages newest_first(Client& client, const NewSubscription& wished) {
  return client.list({.scope = wished.scope,
                      .organization = wished.organization,
                      .user = wished.user,
                      .group = wished.group,
                      .sort = "created_at:desc"});
}

/// `started` is a time of our clock; the server's is known once its first page is there.
std::optional<Subscription> made_since(Client& client, const Connection& connection, const NewSubscription& wished,
                                       std::chrono::system_clock::time_point started) {
  Pages pages = newest_first(client, wished);
  while (auto page = pages.next()) {
    // Compared in nanoseconds, a far date of the server's would wrap round.
    const auto since =
        std::chrono::floor<std::chrono::microseconds>(started + connection.clock_offset() - clock_tolerance);
    for (Value& row : *page) {
      Subscription present = to_subscription(std::move(row));
      const auto created = parse_timestamp(present.created_at);
      if (created && *created < since) return std::nullopt;
      if (created && present.active() && same_place(present, wished) && same_events(present, wished)) return present;
    }
  }
  return std::nullopt;
}

/// After a lost answer: the subscription it speaks of, if it was made. A failure to find out is an error of its own.
std::optional<Subscription> look_for(Client& client, Connection& connection, const NewSubscription& wished,
                                     std::chrono::system_clock::time_point started) {
  connection.notify("the answer to the create was lost; looking whether the subscription was made");
  try {
    return made_since(client, connection, wished, started);
  } catch (Error& error) {
    error.attempted = attempted;
    error.message = "the answer was lost, and looking for the subscription failed: " + error.message;
    error.hint = "it may have been made: look with bookafy list before you create it again";
    throw;
  }
}

/// The last answer was lost, and there is no try left.
Error given_up(net::Answer answer) {
  try {
    to_subscription(expect_resource(std::move(answer), attempted));
    return Error(ErrorKind::server, "the subscription was answered, but is not there");
  } catch (const Error& error) {
    Error last = error;
    last.hint = "it was not there a moment ago; look with bookafy list before you create it again";
    return last;
  }
}

/// How long to wait after a lost answer. Throws Error (rate_limited) when the server asks for too much.
std::chrono::milliseconds wait_before(int tries, const net::Answer& answer, const Connection& connection) {
  const auto& options = connection.options();
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  const auto asked = response ? net::asked_wait(*response, connection.now()) : std::nullopt;
  if (asked && *asked > options.retry.max_wait) {
    net::Answer refused = answer;
    refused.refused_wait = *asked;
    expect_success(std::move(refused), attempted);
  }
  return asked && asked->count() > 0 ? *asked : net::backoff(tries, options.surroundings.random());
}

/// A create on its way.
struct Attempt {
  std::chrono::system_clock::time_point started;
  std::string body;
  std::uint64_t ticket = 0;
};

Attempt begin(Connection& connection, const NewSubscription& wished) {
  Attempt attempt{.started = connection.now(), .body = codec::encode(subscription_body(wished, true))};
  attempt.ticket = connection.submit("POST", "/webhook_subscriptions", attempt.body);
  return attempt;
}

/// By their callback URLs.
std::string account_of(const std::vector<std::string>& uncertain, std::size_t unsent) {
  std::string account;
  if (uncertain.size() == 1)
    account = fmt::format("the create of {} was under way: the subscription may have been made; bookafy list shows it",
                          uncertain.front());
  else if (!uncertain.empty())
    account = fmt::format(
        "the creates of {} subscriptions were under way, and they may have been made: {}; bookafy list shows them",
        uncertain.size(), fmt::join(uncertain, ", "));
  if (unsent > 0) account += fmt::format("{}{} were not begun", account.empty() ? "" : "; ", unsent);
  return account;
}

Subscription complete(Client& client, Connection& connection, const NewSubscription& wished, Attempt attempt) {
  const auto& options = connection.options();
  bool lost = false;
  for (int tries = 1;; ++tries) {
    net::Answer answer;
    bool lost_now = false;
    try {
      answer = connection.await(attempt.ticket);
      lost_now = is_lost(answer);
      lost = lost || lost_now || answer.maybe_done_before;
      const bool own_conflict = lost && status_of(answer) == 409;
      if (lost_now || own_conflict)
        if (auto made = look_for(client, connection, wished, attempt.started)) return *made;
    } catch (http::Interrupted& interrupted) {
      interrupted.account = account_of({wished.url}, 0);
      throw;
    }
    if (!lost_now) return definite(client, std::move(answer), wished);
    if (tries > options.retry.max_retries) throw given_up(answer);
    const auto wait = wait_before(tries, answer, connection);
    connection.notify(fmt::format("it was not made; creating it again in {:.1f} s ({} of {})",
                                  static_cast<double>(wait.count()) / 1000.0, tries, options.retry.max_retries));
    connection.pause(wait);
    attempt.ticket = connection.submit("POST", "/webhook_subscriptions", attempt.body);
  }
}

template <typename Work>
std::variant<Subscription, Error> outcome_of(const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace

Subscription Client::create(const NewSubscription& wished) {
  Connection& connection = state_->connection;
  return complete(*this, connection, wished, begin(connection, wished));
}

void Client::create_many(const std::vector<NewSubscription>& wished,
                         const std::function<void(std::size_t, std::variant<Subscription, Error>)>& each) {
  Connection& connection = state_->connection;
  std::deque<Attempt> attempts;
  std::size_t next = 0;
  for (std::size_t i = 0; i < wished.size(); ++i) {
    for (; next < wished.size() && attempts.size() < creations_ahead; ++next)
      attempts.push_back(begin(connection, wished[next]));
    const Attempt attempt = std::move(attempts.front());
    attempts.pop_front();
    try {
      each(i, outcome_of([&] { return complete(*this, connection, wished[i], attempt); }));
    } catch (http::Interrupted& interrupted) {
      // Without an account it was not under way: told already, or waiting for another try.
      std::vector<std::string> uncertain;
      if (!interrupted.account.empty()) uncertain.push_back(wished[i].url);
      std::size_t unsent = wished.size() - next;
      for (std::size_t at = i + 1; at < next; ++at) {
        const auto ticket = attempts[at - i - 1].ticket;
        const net::Fate fate = connection.fate(ticket);
        net::Answer answer = fate == net::Fate::answered ? connection.await(ticket) : net::Answer();
        if (fate == net::Fate::unsent)
          ++unsent;
        else if (fate == net::Fate::uncertain || is_lost(answer))
          uncertain.push_back(wished[at].url);
        else
          each(at, outcome_of([&] { return to_subscription(expect_resource(std::move(answer), attempted)); }));
      }
      interrupted.account = account_of(uncertain, unsent);
      throw;
    }
  }
}

std::variant<Subscription, Error> Client::try_create(const NewSubscription& wished) {
  return outcome_of([&] { return create(wished); });
}

std::optional<Subscription> Client::find_same_place(const NewSubscription& wished) {
  Pages pages = newest_first(*this, wished);
  while (auto page = pages.next())
    for (Value& row : *page)
      if (Subscription present = to_subscription(std::move(row)); same_place(present, wished)) return present;
  return std::nullopt;
}

}  // namespace bookafy
