/// Request targets: a path and percent-encoded parameters.
#pragma once

#include <string>
#include <string_view>

#include "bookafy/value.hpp"

namespace bookafy::sandbox {

struct Target {
  std::string path;
  Value::Object query;  ///< texts, in the order sent; of a repeated parameter the last counts
};

Target parse_target(std::string_view target);
/// `a=1&b=x%20y`, with everything but the unreserved characters of RFC 3986 encoded.
std::string write_query(const Value::Object& query);

}  // namespace bookafy::sandbox
