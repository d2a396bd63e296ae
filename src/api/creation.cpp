#include "api/creation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// The newest first, so that a search for something just made ends on the first page.
Pages newest_first(Client& client, const NewSubscription& wished) {
  return client.list({.scope = wished.scope,
                      .organization = wished.organization,
                      .user = wished.user,
                      .group = wished.group,
                      .sort = "created_at:desc"});
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

/// If need be asked of the API.
void add_hint(Client& client, const NewSubscription& wished, CreateOutcome& outcome) {
  if (auto* refused = std::get_if<NotCreated>(&outcome))
    refused->error.hint = refusal_hint(client, wished, refused->error);
}

}  // namespace

std::string account_of_creates(const std::vector<std::string>& uncertain, std::size_t unsent) {
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

Creation::Creation(Client& client, Connection& connection, NewSubscription wished, net::Turn turn)
    : client_(client),
      connection_(connection),
      wished_(std::move(wished)),
      turn_(turn),
      started_(connection.steady_now()) {
  send();
}

void Creation::send() {
  ticket_ = connection_.submit("POST", "/webhook_subscriptions",
                               codec::encode_request(subscription_body(wished_, true)), turn_);
}

bool Creation::advance() {
  while (!outcome_) {
    if (look_ ? !look_->ready() : !connection_.has_ended(ticket_)) return false;
    if (auto error = error_of([this] { look_ ? look_on() : judge(); })) outcome_ = failure(std::move(*error));
  }
  return true;
}

net::Fate Creation::fate() const {
  if (outcome_) return net::Fate::answered;
  return look_ ? net::Fate::uncertain : connection_.fate(ticket_);
}

void Creation::judge() {
  answer_ = connection_.await(ticket_);
  ++tries_;
  const bool lost_now = is_lost(answer_);
  lost_ = lost_ || lost_now || answer_.maybe_done_before;
  const bool own_conflict = lost_ && status_of(answer_) == 409;
  if (!lost_now && !own_conflict) return settle();
  connection_.notify("the answer to the create was lost; looking whether the subscription was made");
  look_ = newest_first(client_, wished_);
}

/// By an answer that leaves no doubt.
void Creation::settle() { outcome_ = Created{to_subscription(expect_resource(answer_, attempted))}; }

/// The last error alone proves nothing: a refusal can follow a response that was lost, and so can a failed search.
CreateOutcome Creation::failure(Error error) const {
  if (lost_ || may_have_taken_effect(answer_)) return MaybeCreated{std::move(error)};
  return NotCreated{std::move(error)};
}

/// A failure to find out is an error of its own.
void Creation::look_on() {
  try {
    if (!searched_in_vain()) return;
  } catch (Error& error) {
    error.attempted = attempted;
    error.message = "the answer was lost, and looking for the subscription failed: " + error.message;
    error.hint = "it may have been made: look with bookafy list before you create it again";
    throw;
  }
  look_.reset();
  is_lost(answer_) ? send_again() : settle();
}

/// Looks through one page, the newest first.
bool Creation::searched_in_vain() {
  auto page = look_->next();
  if (!page) return true;
  // The server's clock is known once its first page is there.
  const Timestamp since = connection_.server_time(started_) - clock_tolerance;
  for (Value& row : *page) {
    Subscription present = to_subscription(std::move(row));
    const auto created = parse_timestamp(present.created_at);
    if (created && *created < since) return true;
    if (!created || !present.active() || !same_place(present, wished_) || !same_events(present, wished_)) continue;
    outcome_ = Recovered{std::move(present)};
    return false;
  }
  return false;
}

void Creation::send_again() {
  const auto& options = connection_.options();
  if (tries_ > options.retry.max_retries) throw given_up(answer_);
  const auto wait = wait_before(tries_, answer_, connection_);
  connection_.notify(fmt::format("it was not made; creating it again in {:.1f} s ({} of {})",
                                 static_cast<double>(wait.count()) / 1000.0, tries_, options.retry.max_retries));
  turn_.not_before = options.surroundings.steady_now() + wait;
  send();
}

Certainty certainty_of(const CreateOutcome& outcome) {
  if (find_subscription(outcome)) return Certainty::yes;
  return std::holds_alternative<NotCreated>(outcome) ? Certainty::no : Certainty::unknown;
}

const Subscription* find_subscription(const CreateOutcome& outcome) {
  if (const auto* created = std::get_if<Created>(&outcome)) return &created->subscription;
  if (const auto* recovered = std::get_if<Recovered>(&outcome)) return &recovered->subscription;
  return nullptr;
}

const Error* find_error(const CreateOutcome& outcome) {
  if (const auto* refused = std::get_if<NotCreated>(&outcome)) return &refused->error;
  if (const auto* lost = std::get_if<MaybeCreated>(&outcome)) return &lost->error;
  return nullptr;
}

CreateOutcome Client::try_create(const NewSubscription& wished) {
  Creation creation(*this, state_->connection, wished);
  try {
    while (!creation.advance()) state_->connection.progress();
  } catch (http::Interrupted& interrupted) {
    if (creation.fate() == net::Fate::uncertain) interrupted.account = account_of_creates({wished.url}, 0);
    throw;
  } catch (const Error& error) {
    if (creation.fate() == net::Fate::unsent) return NotCreated{error};
    return MaybeCreated{error};
  }
  CreateOutcome outcome = creation.take();
  add_hint(*this, wished, outcome);
  return outcome;
}

Subscription Client::create(const NewSubscription& wished) {
  const CreateOutcome outcome = try_create(wished);
  if (const Error* error = find_error(outcome)) throw Error(*error);
  return *find_subscription(outcome);
}

void Client::create_many(const std::vector<NewSubscription>& wished,
                         const std::function<void(std::size_t, const CreateOutcome&)>& each) {
  Connection& connection = state_->connection;
  std::deque<Creation> open;
  std::size_t told = 0;
  try {
    while (told < wished.size()) {
      while (open.size() < creations_ahead && told + open.size() < wished.size())
        open.emplace_back(*this, connection, wished[told + open.size()]);
      while (!open.front().advance()) connection.progress();
      auto outcome = open.front().take();
      open.pop_front();
      const std::size_t at = told++;
      add_hint(*this, wished[at], outcome);
      each(at, outcome);
    }
  } catch (http::Interrupted& interrupted) {
    std::vector<std::string> uncertain;
    std::size_t unsent = wished.size() - told - open.size();
    for (Creation& creation : open) {
      const std::size_t at = told++;
      if (creation.advance())
        each(at, creation.take());
      else if (creation.fate() == net::Fate::unsent)
        ++unsent;
      else
        uncertain.push_back(wished[at].url);
    }
    interrupted.account = account_of_creates(uncertain, unsent);
    throw;
  }
}

std::optional<Subscription> Client::find_same_place(const NewSubscription& wished) {
  Pages pages = newest_first(*this, wished);
  while (auto page = pages.next())
    for (Value& row : *page)
      if (Subscription present = to_subscription(std::move(row)); same_place(present, wished)) return present;
  return std::nullopt;
}

}  // namespace bookafy
