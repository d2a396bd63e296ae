/// JSON text to Value and back.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "api/projection.hpp"
#include "bookafy/value.hpp"

namespace bookafy::codec {

/// The text is not JSON, or what is kept of it nests too deeply or has too many values. The message says why and quotes
/// nothing of the text.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Kept arrays and objects within each other; the API's deepest answer has seven levels.
inline constexpr int deepest_nesting = 100;
/// Values kept of one text: a few bytes of text take dozens in memory, and the API's largest page has some thousands.
inline constexpr int most_values = 1'000'000;

/// Reads exactly one JSON text in UTF-8, all of which is checked, whatever of it is kept. Everything that the grammar
/// of RFC 8259 allows is read: of members with the same name the last one counts, a number keeps its text unless it is
/// a 64-bit integer, and for half of a surrogate pair see unicode.hpp. Throws Malformed.
Value decode(std::string_view text, const Projection& kept = {});
/// The same for callers to whom a mistake is no exception: nullopt, and what is wrong in `problem`.
std::optional<Value> decode(std::string_view text, std::string& problem, const Projection& kept = {});

/// Compact JSON (RFC 8259). DEL, C1 and bidi control characters are written as `\u` escapes, so that a terminal
/// never sees them raw; a reader gets them back unchanged. A surrogate is written as `\u` escape, any other byte
/// that is not UTF-8, which no decoded text holds, as U+FFFD.
std::string encode(const Value& value);
/// The same for a request. Throws Error (usage) for a text that is not UTF-8 instead of sending another text.
std::string encode_request(const Value& value);
/// The same for people: a member or item a line, two spaces of indentation.
std::string encode_indented(const Value& value);

}  // namespace bookafy::codec
