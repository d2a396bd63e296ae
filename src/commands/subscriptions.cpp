#include "commands/subscriptions.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "api/diagnosis.hpp"
#include "bookafy/timestamp.hpp"
#include "bookafy/validation.hpp"

namespace bookafy::commands {
namespace {

/// By the instants, whatever the precision or offset of the texts; a text that is no time sorts as a text.
bool is_earlier(const Value& a, const Value& b) {
  const std::string x = a.text_at("created_at");
  const std::string y = b.text_at("created_at");
  const auto time_x = parse_timestamp(x);
  const auto time_y = parse_timestamp(y);
  return time_x && time_y ? *time_x < *time_y : x < y;
}

}  // namespace

std::vector<std::string> subscription_columns() {
  return {"uri", "callback_url", "events", "scope", "state", "created_at"};
}

const std::vector<std::string>& SubscriptionFilter::fields() {
  static const std::vector<std::string> looked_at{"state", "callback_url", "events"};
  return looked_at;
}

bool url_matches(const std::string& pattern, const std::string& url) {
  // Without FNM_PATHNAME a star also stands for slashes: https://old.example.org/* means all of that host.
  const auto matches = [](const std::string& glob, const std::string& text) {
    return fnmatch(glob.c_str(), text.c_str(), 0) == 0;
  };
  return matches(pattern, url) || matches(normalized_url(pattern), normalized_url(url));
}

bool SubscriptionFilter::matches(const Value& subscription) const {
  if (!state.empty() && subscription.text_at("state") != state) return false;
  if (!url.empty() && !url_matches(url, subscription.text_at("callback_url"))) return false;
  if (events.empty()) return true;
  const Value* found = subscription.find("events");
  const auto* list = found ? found->array() : nullptr;
  return list && std::any_of(events.begin(), events.end(), [list](const std::string& event) {
           return std::find(list->begin(), list->end(), Value(event)) != list->end();
         });
}

Subscriptions::Subscriptions(const SubscriptionsQuery& query, Context& context) : context_(context), sort_(query.sort) {
  const Owner owner = find_owner(query.owner, query.scope, context);
  std::vector<Scope> scopes{Scope::user, Scope::organization};
  if (!owner.group.empty()) scopes.push_back(Scope::group);
  if (query.scope) scopes = {*query.scope};
  for (const Scope scope : scopes) {
    const ListQuery part{.scope = scope,
                         .organization = owner.organization,
                         .user = scope == Scope::user ? owner.user : "",
                         .group = scope == Scope::group ? owner.group : "",
                         .page_size = query.page_size,
                         .sort = query.sort,
                         .ahead = query.ahead,
                         .refusal_is_empty = !query.scope && scope == Scope::organization,
                         .fields = query.fields};
    parts_.push_back({.query = part, .pages = context.client().list(part)});
  }
}

void Subscriptions::fill(Part& part) {
  while (part.rows.empty() && !part.ended) {
    std::optional<std::vector<Value>> page;
    if (auto failure = error_of([&] { page = part.pages.next(); })) {
      if (failure->hint.empty()) failure->hint = list_refusal_hint(context_.client(), part.query, *failure);
      throw Error(*failure);
    }
    if (page) part.rows.assign(std::make_move_iterator(page->begin()), std::make_move_iterator(page->end()));
    part.ended = !page;
    part.page_is_full = page && page->size() == static_cast<std::size_t>(part.query.page_size);
  }
}

Subscriptions::Part* Subscriptions::next_part() {
  Part* best = nullptr;
  for (Part& part : parts_) {
    fill(part);
    if (part.rows.empty()) continue;
    if (sort_.empty()) return &part;
    const auto before = [&](const Part& a, const Part& b) {
      return sort_.ends_with(":desc") ? is_earlier(b.rows.front(), a.rows.front())
                                      : is_earlier(a.rows.front(), b.rows.front());
    };
    if (!best || before(part, *best)) best = &part;
  }
  return best;
}

std::optional<Value> Subscriptions::next() {
  current_ = next_part();
  if (!current_) return std::nullopt;
  Value row = std::move(current_->rows.front());
  current_->rows.pop_front();
  return row;
}

bool Subscriptions::at_page_end() const { return current_ && current_->rows.empty() && current_->page_is_full; }

}  // namespace bookafy::commands
