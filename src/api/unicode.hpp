/// UTF-8 read strictly, and the characters that are never written raw.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bookafy::unicode {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< bytes it takes, 1 to 4
  bool is_utf8 = true;
};

/// The code point that begins at byte `at`, which must be inside the text. nullopt when the bytes there are not UTF-8
/// (RFC 3629): stray or missing continuation bytes, overlong forms, surrogates, beyond U+10FFFF.
std::optional<CodePoint> decode_at(std::string_view text, std::size_t at);

/// Whether all of the text is UTF-8.
bool is_valid(std::string_view text);

/// The same for bytes that need not be UTF-8. JSON text may escape half of a surrogate pair (`\ud83d`); the strings
/// read from it have the three bytes that UTF-8 would have for it. They give the surrogate, any other byte U+FFFD.
CodePoint decode_any_at(std::string_view text, std::size_t at);

/// The text with U+FFFD for every surrogate.
std::string without_surrogates(std::string_view text);

/// A terminal or reader would act on it instead of showing it: C0, DEL, C1, bidi controls, line and paragraph
/// separators, the byte order mark. All are below U+10000.
bool is_hidden(char32_t c);

}  // namespace bookafy::unicode
