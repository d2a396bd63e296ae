/// The subscriptions that the token can see, of one scope or of all.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "bookafy/client.hpp"
#include "commands/context.hpp"
#include "commands/owner.hpp"

namespace bookafy::commands {

/// The columns of a list of subscriptions.
std::vector<std::string> subscription_columns();

/// `pattern` as in SubscriptionFilter.
bool url_matches(const std::string& pattern, const std::string& url);

/// The API has no filter for these: the rows are looked at here.
struct SubscriptionFilter {
  std::string state;                ///< empty: any
  std::vector<std::string> events;  ///< at least one of them is among its events; empty: any
  std::string url;                  ///< a pattern for the callback URL (`*`, `?`, `[…]`); empty: any

  bool empty() const { return state.empty() && events.empty() && url.empty(); }
  /// The members that `matches` looks at.
  static const std::vector<std::string>& fields();
  bool matches(const Value& subscription) const;
};

struct SubscriptionsQuery {
  std::optional<Scope> scope{};
  Owner owner{};
  std::string sort{};
  int page_size = 100;
  bool ahead = true;                  ///< ask for the next page while one is read
  std::vector<std::string> fields{};  ///< what is looked at, as in ListQuery
};

/// Asks for the parts side by side: the user's own, the organization's, and a group's when one is named. Without a
/// scope, a refusal of the organization's part is no error: only owners and admins may see it.
class Subscriptions {
 public:
  Subscriptions(const SubscriptionsQuery& query, Context& context);

  /// The next one: part after part, or over all parts in order when the query names a sort order. nullopt at the end.
  std::optional<Value> next();
  /// Whether a page has just been used up, and another one of its part may come.
  bool at_page_end() const;

 private:
  struct Part {
    ListQuery query;
    Pages pages;
    std::deque<Value> rows{};
    bool ended = false;
    bool page_is_full = false;  ///< the last one: there may be another
  };
  void fill(Part& part);
  Part* next_part();

  Context& context_;
  std::vector<Part> parts_;
  Part* current_ = nullptr;  ///< what the last one came from
  std::string sort_;
};

}  // namespace bookafy::commands
