/// Query strings.
#pragma once

#include <string>
#include <string_view>

namespace bookafy {

/// RFC 3986: everything but unreserved characters as `%XX`.
std::string percent_encoded(std::string_view text);

/// The reverse; `+` is a space, as forms have it. A lone `%` stays.
std::string percent_decoded(std::string_view text);

/// Collects `name=value` pairs; empty values are left out.
class Query {
 public:
  Query& add(std::string_view name, std::string_view value);
  /// `path?a=b&c=d`, or the path alone when nothing was added. The path may have a query already.
  std::string after(std::string_view path) const;

 private:
  std::string text_;
};

/// The value of a parameter in a URL's query, decoded; empty when absent.
std::string query_value(std::string_view url, std::string_view name);

}  // namespace bookafy
