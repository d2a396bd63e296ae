#include "api/unicode.hpp"

namespace bookafy::unicode {

std::optional<CodePoint> decode_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return CodePoint{lead, 1};
  CodePoint found;
  char32_t smallest = 0;  // below it the form is overlong
  if ((lead & 0xe0U) == 0xc0) {
    found = {lead & 0x1fU, 2};
    smallest = 0x80;
  } else if ((lead & 0xf0U) == 0xe0) {
    found = {lead & 0x0fU, 3};
    smallest = 0x800;
  } else if ((lead & 0xf8U) == 0xf0) {
    found = {lead & 0x07U, 4};
    smallest = 0x10000;
  } else {
    return std::nullopt;
  }
  if (text.size() - at < found.length) return std::nullopt;
  for (std::size_t i = 1; i < found.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xc0U) != 0x80) return std::nullopt;
    found.value = found.value << 6U | (byte & 0x3fU);
  }
  const bool surrogate = found.value >= 0xd800 && found.value <= 0xdfff;
  if (found.value < smallest || found.value > 0x10ffff || surrogate) return std::nullopt;
  return found;
}

bool is_valid(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = decode_at(text, i);
    if (!c) return false;
    i += c->length;
  }
  return true;
}

bool is_hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

}  // namespace bookafy::unicode
