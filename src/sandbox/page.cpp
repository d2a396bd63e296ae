#include "sandbox/page.hpp"

#include <algorithm>
#include <tuple>

namespace bookafy::sandbox {
namespace {

constexpr std::size_t tokens_kept = 10'000;
constexpr std::size_t token_length = 32;
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct Row {
  const std::string* key;
  const Record* record;

  bool operator<(const Row& other) const {
    return std::tie(*key, record->number) < std::tie(*other.key, other.record->number);
  }
};

std::vector<Row> sorted(const std::vector<const Record*>& records, const ListParameters& parameters) {
  std::vector<Row> rows;
  rows.reserve(records.size());
  for (const Record* record : records) rows.push_back({record->document.find(parameters.sort_key)->string(), record});
  std::sort(rows.begin(), rows.end());
  if (parameters.descending) std::reverse(rows.begin(), rows.end());
  return rows;
}

/// The rows of one page as a half-open range.
struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Extent extent(const std::vector<Row>& rows, const ListParameters& parameters) {
  if (!parameters.cursor) return {0, std::min(parameters.count, rows.size())};
  const Cursor& cursor = *parameters.cursor;
  const auto place = std::tie(cursor.key, cursor.number);
  auto before = [&](const Row& row) {
    const auto here = std::tie(*row.key, row.record->number);
    return parameters.descending ? here > place : here < place;
  };
  auto at_or_before = [&](const Row& row) { return before(row) || std::tie(*row.key, row.record->number) == place; };
  auto first_not = [&](const auto& test) {
    return static_cast<std::size_t>(std::partition_point(rows.begin(), rows.end(), test) - rows.begin());
  };
  if (cursor.backwards) {
    const std::size_t end = first_not(before);
    return {end - std::min(parameters.count, end), end};
  }
  const std::size_t begin = first_not(at_or_before);
  return {begin, std::min(begin + parameters.count, rows.size())};
}

Value::Object without_token(const Target& target) {
  Value::Object query = target.query;
  std::erase_if(query, [](const Value::Member& member) { return member.first == "page_token"; });
  return query;
}

/// What a token belongs to: the user, the path and all parameters but the token, in any order.
std::string identity(const ListRequest& request) {
  Value::Object query = without_token(request.target);
  std::stable_sort(query.begin(), query.end(),
                   [](const Value::Member& a, const Value::Member& b) { return a.first < b.first; });
  return request.user + ' ' + request.target.path + '?' + write_query(query);
}

Value link(const ListRequest& request, const Value& token) {
  if (token.is_null()) return nullptr;
  Value::Object query = without_token(request.target);
  query.emplace_back("page_token", token);
  return request.base_url + request.target.path + '?' + write_query(query);
}

}  // namespace

std::string PageTokens::issue(const std::string& query, Cursor cursor) {
  std::string token;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < token_length; ++i, bits >>= 6U) {
    if (i % 10 == 0) bits = surroundings_.draw();  // ten characters of six bits from each 64
    token += url_safe[bits & 63U];
  }
  entries_[token] = {query, std::move(cursor)};
  by_age_.push_back(token);
  if (by_age_.size() > tokens_kept) {
    entries_.erase(by_age_.front());
    by_age_.pop_front();
  }
  return token;
}

std::optional<Cursor> PageTokens::find(const std::string& token, const std::string& query) const {
  auto found = entries_.find(token);
  if (found == entries_.end() || found->second.query != query) return std::nullopt;
  return found->second.cursor;
}

ListParameters list_parameters(Fields& fields, const ListRequest& request, std::string_view sort_key, bool takes_sort) {
  ListParameters parameters;
  parameters.sort_key = sort_key;
  if (auto count = fields.number("count", 1, 100)) parameters.count = static_cast<std::size_t>(*count);
  if (takes_sort) {
    const std::string up = std::string(sort_key) + ":asc";
    const std::string down = std::string(sort_key) + ":desc";
    const auto order = fields.one_of("sort", std::array<std::string_view, 2>{up, down});
    parameters.descending = order == down;
  }
  if (auto token = fields.text("page_token")) {
    parameters.cursor = request.tokens.find(*token, identity(request));
    if (!parameters.cursor) fields.complain("page_token", "is invalid");
  }
  return parameters;
}

Value page(const std::vector<const Record*>& records, const ListParameters& parameters, const ListRequest& request) {
  const std::vector<Row> rows = sorted(records, parameters);
  const auto [begin, end] = extent(rows, parameters);
  Value::Array collection;
  for (std::size_t i = begin; i < end; ++i) collection.push_back(rows[i].record->document);

  Value next;
  Value previous;
  auto token = [&](const Row& row, bool backwards) {
    return Value(request.tokens.issue(identity(request), {*row.key, row.record->number, backwards}));
  };
  if (begin < end && end < rows.size()) next = token(rows[end - 1], false);
  if (begin < end && begin > 0) previous = token(rows[begin], true);
  const int count = static_cast<int>(collection.size());
  return Value::Object{{"collection", std::move(collection)},
                       {"pagination", Value::Object{{"count", count},
                                                    {"next_page", link(request, next)},
                                                    {"next_page_token", next},
                                                    {"previous_page", link(request, previous)},
                                                    {"previous_page_token", previous}}}};
}

}  // namespace bookafy::sandbox
