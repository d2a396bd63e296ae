/// The REST API: paths, queries and bodies. Every call throws Error.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "bookafy/error.hpp"
#include "bookafy/http.hpp"
#include "bookafy/resource.hpp"
#include "bookafy/secret.hpp"
#include "bookafy/subscription.hpp"
#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"

namespace bookafy {

struct RetryPolicy {
  int max_retries = 4;                                             ///< further tries after the first, 0 or more
  std::chrono::milliseconds max_wait = std::chrono::seconds(120);  ///< the longest single wait for a rate limit
};

/// Time and chance, so that tests own them.
struct Surroundings {
  std::function<std::chrono::steady_clock::time_point()> steady_now = std::chrono::steady_clock::now;
  std::function<std::chrono::system_clock::time_point()> wall_now = std::chrono::system_clock::now;
  std::function<double()> random;                  ///< in [0, 1); a default engine when empty
  std::function<void(const std::string&)> notify;  ///< told of every wait, in words
};

struct ClientOptions {
  std::string base_url;  ///< scheme, host and port, no trailing slash
  Secret token;
  RetryPolicy retry;
  Surroundings surroundings;
};

struct User {
  std::string uri;
  std::string name;
  std::string email;
  std::string organization;  ///< URI of `current_organization`
  Value document;
};

/// Which subscriptions to list: the API wants a scope and its owner.
struct ListQuery {
  Scope scope = Scope::user;
  std::string organization{};
  std::string user{};
  std::string group{};
  int page_size = 100;            ///< 1 to 100
  std::string sort{};             ///< `created_at:asc`, `created_at:desc` or empty
  bool ahead = true;              ///< ask for the next page while one is read; off when the next may not be wanted
  bool refusal_is_empty = false;  ///< a 403 reads as an empty list: the caller's role does not allow this part
  /// The dotted paths of a row that are looked at; the rest is checked and not kept. Empty: everything.
  std::vector<std::string> fields{};
};

/// Which scheduled events to list, by the filters of the API. At least one of organization, user and group is required;
/// the others may be empty.
struct EventQuery {
  std::string organization{};
  std::string user{};
  std::string group{};
  std::string invitee_email{};
  std::string status{};          ///< `active` or `canceled`
  std::string min_start_time{};  ///< RFC 3339 in UTC
  std::string max_start_time{};  ///< RFC 3339 in UTC
  std::string sort{};            ///< `start_time:asc` or `start_time:desc`
  int page_size = 100;           ///< 1 to 100
  // As in ListQuery:
  bool ahead = true;
  bool refusal_is_empty = false;
  std::vector<std::string> fields{};
};

/// Which invitees to find, and in the scheduled events of whom.
struct InviteeQuery {
  // As in EventQuery:
  std::string organization{};
  std::string user{};
  std::string group{};
  std::string sort = "start_time:asc";
  bool refusal_is_empty = false;
  std::optional<Resource> event{};     ///< of this scheduled event only, which needs none of the above
  std::string email{};                 ///< compared as by same_email; empty: anyone
  std::string status{};                ///< the invitee's own, `active` or `canceled`; empty: any
  std::optional<Timestamp> from{};     ///< the meeting starts at this time or later
  std::optional<Timestamp> until{};    ///< the meeting starts before this time
  std::optional<std::size_t> limit{};  ///< the maximum number of invitees
  std::vector<std::string> fields{};   ///< as in ListQuery; `scheduled_event.name` is a field of the event
};

/// A list whose pages are fetched while earlier ones are read. The first request starts with the object, and what is
/// under way stops with it. It may outlive its client; `next` then throws Error (usage). One thread at a time, that of
/// the client.
class Pages {
 public:
  Pages(Pages&&) noexcept;
  Pages& operator=(Pages&&) noexcept;
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages();
  /// The next page's rows, each an object; nullopt after the last. Throws Error when a page fails: what came before
  /// it stays valid, and the list is not complete.
  std::optional<std::vector<Value>> next();
  /// Whether `next` would answer at once.
  bool ready() const;
  /// Whether `refusal_is_empty` ended the list.
  bool refused() const;

 private:
  friend class Client;
  friend class InviteeSearch;
  struct State;
  explicit Pages(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The invitees that a query finds, in the order of their scheduled events. The first request starts with the object;
/// the invitees of many events are requested side by side, of no more events than a limit may need. However many there
/// are, no more than a bounded number is in memory.
class InviteeSearch {
 public:
  InviteeSearch(InviteeSearch&&) noexcept;
  InviteeSearch& operator=(InviteeSearch&&) noexcept;
  InviteeSearch(const InviteeSearch&) = delete;
  InviteeSearch& operator=(const InviteeSearch&) = delete;
  ~InviteeSearch();
  /// The next invitee as the API has it, with its `scheduled_event` as in a delivery; nullopt after the last. An Error
  /// when the invitees of one event cannot be read (403, 404, 5xx): the search goes on with the next event. Any other
  /// failure is thrown as Error and ends the search.
  std::optional<std::variant<Value, Error>> next();
  /// Whether `next` would answer at once.
  bool ready() const;
  /// Whether `refusal_is_empty` ended the search.
  bool refused() const;

 private:
  friend class Client;
  struct State;
  explicit InviteeSearch(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What to look up, one after the other.
class ResourceSource {
 public:
  virtual ~ResourceSource() = default;
  /// Whether `next` would answer at once.
  virtual bool ready() = 0;
  virtual std::optional<Resource> next() = 0;
};

/// What became of one of several resources.
struct Outcome {
  Resource resource;
  Value document;              ///< null after a delete
  std::optional<Error> error;  ///< set when it failed
  bool not_begun = false;      ///< the error is a 401 to another one, after which this one was not sent
};

/// What is known about whether something happened.
enum class Certainty { no, unknown, yes };

/// The API answered the create with this subscription.
struct Created {
  Subscription subscription;
};
/// The response to the create was lost. A list then showed this subscription: the desired URL, scope, owner and events,
/// created since the request by the server's clock.
struct Recovered {
  Subscription subscription;
};
/// The API refused the create, or never saw it: it created no subscription.
struct NotCreated {
  Error error;
};
/// The response to the create was lost, and no list showed the subscription. It may exist, or appear later.
struct MaybeCreated {
  Error error;
};
using CreateOutcome = std::variant<Created, Recovered, NotCreated, MaybeCreated>;

/// Whether the create led to a subscription.
Certainty certainty_of(const CreateOutcome& outcome);
/// Null unless it led to one.
const Subscription* find_subscription(const CreateOutcome& outcome);
/// Null when it led to one.
const Error* find_error(const CreateOutcome& outcome);

/// What is to be put in the place of what.
struct Exchange {
  std::vector<Subscription> present;  ///< at least one
  NewSubscription wished;
};

/// What became of a replacement. Exactly one of `made` and `error` is set, unless the new one was made and an old one
/// could not be removed: then both are.
struct Replacement {
  std::optional<Subscription> made{};
  std::optional<Error> error{};
  Certainty created = Certainty::no;  ///< a subscription with the desired signing key exists, the old one restored with
                                      ///< that key included
  Certainty removed = Certainty::no;  ///< an old one was deleted
  std::optional<Subscription> put_back{};  ///< the old one made again, with the new one's signing key if it has one
  std::string repair{};                    ///< the command that mends it when neither is there, or may be there
};

class Client {
 public:
  /// The transport must outlive the client, and serves one client at a time. One thread at a time.
  Client(http::Transport& transport, ClientOptions options);
  Client(Client&&) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client& operator=(Client&&) = delete;
  ~Client();

  /// Requests in flight at most, whatever the protocol. The default is 100 with HTTP/2 and 8 with HTTP/1.1. Throws
  /// Error (usage) unless it is 1 or more.
  void limit_jobs(int jobs);

  User me();
  /// The user's role in their organization (`owner`, `admin`, `user`); nullopt when the token may not read it.
  std::optional<std::string> role(const User& user);

  /// Never makes two: when the answer to the POST is lost it looks for its subscription before it sends again.
  Subscription create(const NewSubscription& wished);
  /// The same for callers that have something to do about a failure. Throws http::Interrupted only.
  CreateOutcome try_create(const NewSubscription& wished);
  /// The subscription that is in the way of another: same callback URL, scope and owner.
  std::optional<Subscription> find_same_place(const NewSubscription& wished);
  /// Creates many side by side, each as `create` does, and tells of each in input order: by its index, what became of
  /// it.
  void create_many(const std::vector<NewSubscription>& wished,
                   const std::function<void(std::size_t, const CreateOutcome&)>& each);
  /// Puts one in the place of another. With another URL the new one comes first; with the same URL the API wants the
  /// old ones gone before, and the old one is put back when the new one is refused.
  Replacement replace(const Exchange& exchange);
  /// The same for many, several side by side, and tells of each in input order, by its index. No create waits for
  /// another replacement: a place is empty for no longer than its own requests take.
  void replace_many(const std::vector<Exchange>& exchanges,
                    const std::function<void(std::size_t, const Replacement&)>& each);
  /// A 404 counts as done when an earlier try's answer was lost.
  void remove(const Resource& subscription);
  /// Deletes many side by side and reports each, in input order. After a 401 none is begun.
  void remove_many(const std::vector<Resource>& subscriptions, const std::function<void(Outcome)>& each);
  Pages list(const ListQuery& query);
  /// Canceled ones, too.
  Pages scheduled_events(const EventQuery& query);
  Pages invitees(const Resource& scheduled_event);
  InviteeSearch find_invitees(const InviteeQuery& query);

  /// One resource, as the server sent it.
  Value get(const Resource& resource);
  /// Fetches many at once and hands them over in input order, each as soon as its turn has come. What was fetched
  /// lately is not fetched again. `fields` as in ListQuery. `idle` is called whenever the next one has to be waited
  /// for. Ends early after a 401, and when `each` returns false: what was not begun is not sent. Returns whether all
  /// were handed over.
  bool get_many(ResourceSource& source, const std::vector<std::string>& fields,
                const std::function<bool(const Outcome&)>& each, const std::function<void()>& idle);

  /// What a rescheduled invitee came from and became, along `old_invitee` and `new_invitee` to both ends: the nearest
  /// first, the older ones before the newer. A chain ends at the first that cannot be read, which is the last outcome
  /// then.
  std::vector<Outcome> rescheduled(const Value& invitee);

  /// Any request: `target` is a path, perhaps with a query, below the API's address; `query` is encoded and added.
  /// nullopt when the answer has no body.
  std::optional<Value> request(const std::string& method, const std::string& target,
                               const std::vector<std::pair<std::string, std::string>>& query, const std::string& body);

  /// The server's clock, as far as its last answer tells; ours when it has not told.
  Timestamp server_time() const;
  /// The Date header of the last response that had one: whole seconds, rounded down, by the server's clock. nullopt
  /// before the first.
  std::optional<Timestamp> last_response_date() const;
  /// Lets time pass. Throws http::Interrupted.
  void pause(std::chrono::milliseconds wait);

  /// The full URI of a resource under the configured API.
  std::string uri(const Resource& resource) const;

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< lists refer to it
};

/// Reads the members that a subscription is known to have. Throws Error (server) when the document is none.
Subscription to_subscription(Value document);
/// The JSON body of a create; the signing key as `***` unless `with_key`.
Value subscription_body(const NewSubscription& wished, bool with_key);

}  // namespace bookafy
