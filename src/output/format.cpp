#include "output/format.hpp"

#include <algorithm>

namespace bookafy::output {

std::optional<Format> parse_format(std::string_view name) {
  auto found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) return std::nullopt;
  return static_cast<Format>(found - format_names.begin());
}

}  // namespace bookafy::output
