/// Lists in pages, forwards and backwards.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/fields.hpp"
#include "sandbox/query.hpp"
#include "sandbox/surroundings.hpp"
#include "sandbox/world.hpp"

namespace bookafy::sandbox {

/// Between two rows of a list: rows may come and go without moving it.
struct Cursor {
  std::string key;  ///< the sort key of the row it stands at
  std::int64_t number = 0;
  bool backwards = false;
};

/// Opaque tokens, each good for one query of one user. Only the youngest are kept: older ones are stale.
class PageTokens {
 public:
  explicit PageTokens(const Surroundings& surroundings) : surroundings_(surroundings) {}

  /// 32 URL-safe characters.
  std::string issue(const std::string& query, Cursor cursor);
  /// nullopt for a token that is stale, foreign or none.
  std::optional<Cursor> find(const std::string& token, const std::string& query) const;

 private:
  struct Entry {
    std::string query;
    Cursor cursor;
  };

  const Surroundings& surroundings_;
  std::map<std::string, Entry> entries_;
  std::deque<std::string> by_age_;
};

/// The parameters that every list has.
struct ListParameters {
  std::size_t count = 20;
  std::string sort_key;  ///< a date-time member of the rows
  bool descending = false;
  std::optional<Cursor> cursor;
};

/// Where a list is asked from: what its tokens belong to and its links repeat.
struct ListRequest {
  std::string base_url;
  std::string user;
  const Target& target;
  PageTokens& tokens;
};

/// Reads `count`, `page_token` and, where there are fields to sort by, `sort`; the first field is the default.
ListParameters list_parameters(Fields& fields, const ListRequest& request, std::string_view sort_key,
                               bool takes_sort = true);
/// `{"collection":[…],"pagination":{…}}` of the rows, which come in any order.
Value page(const std::vector<const Record*>& rows, const ListParameters& parameters, const ListRequest& request);

}  // namespace bookafy::sandbox
