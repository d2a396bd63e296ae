/// The REST API: paths, queries and bodies. Every call throws Error.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/error.hpp"
#include "bookafy/http.hpp"
#include "bookafy/resource.hpp"
#include "bookafy/secret.hpp"
#include "bookafy/subscription.hpp"
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
  int jobs = 0;  ///< requests in flight at most; 0: as many as the protocol carries well
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
  std::string organization;
  std::string user;
  std::string group;
  int page_size = 100;  ///< 1 to 100
  std::string sort;     ///< `created_at:asc`, `created_at:desc` or empty
};

/// A list whose pages are fetched while earlier ones are read. The first request starts with the object.
class Pages {
 public:
  Pages(Pages&&) noexcept;
  Pages& operator=(Pages&&) noexcept;
  ~Pages();
  /// The next page's rows; nullopt after the last. Throws Error when a page fails: what came before it stays valid.
  std::optional<std::vector<Value>> next();

 private:
  friend class Client;
  struct State;
  explicit Pages(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class Client {
 public:
  Client(http::Transport& transport, ClientOptions options);
  Client(Client&&) noexcept;
  ~Client();

  User me();
  /// The caller's role in the organization (`owner`, `admin`, `user`); empty when the list does not name it.
  std::string role(const User& user);

  Subscription create(const NewSubscription& wished);
  Subscription subscription(const Resource& resource);
  void remove(const Resource& resource);
  Pages list(const ListQuery& query);

  /// One resource, as the server sent it. `me` is a user's id.
  Value get(const Resource& resource);

  /// The outcome of one of several lookups.
  struct Lookup {
    std::size_t index = 0;  ///< position in the input
    Value document;
    std::optional<Error> error;
  };
  /// Fetches many at once and hands them over in input order, each as soon as its turn has come.
  void get_many(const std::vector<Resource>& resources, const std::function<void(Lookup)>& each);

  /// The full URI under the configured API for a resource named by id.
  std::string uri(const Resource& resource) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Builds the JSON body of a create, without the signing key unless `with_key`.
Value subscription_body(const NewSubscription& wished);

}  // namespace bookafy
