/// JSON writes a character beyond U+FFFF as two escapes, a surrogate pair, where YAML wants one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manifest/document.hpp"

namespace bookafy::manifest {

/// A text whose surrogate pairs are single escapes.
struct Joined {
  std::string text{};
  std::vector<Position> pairs{};  ///< where each begins in `text`

  /// Where a place of `text` was before.
  Position original(Position at) const;
};

/// The pairs in the strings of a text that begins as JSON's maps and lists do; any other text as it is. Throws
/// Unreadable for half a pair.
Joined join_surrogates(std::string_view text);

}  // namespace bookafy::manifest
