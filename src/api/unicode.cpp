#include "api/unicode.hpp"

namespace bookafy::unicode {
namespace {

constexpr char32_t replacement = 0xfffd;

}  // namespace

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

CodePoint decode_any_at(std::string_view text, std::size_t at) {
  if (const auto found = decode_at(text, at)) return *found;
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const bool is_surrogate = byte(at) == 0xed && (byte(at + 1) & 0xe0U) == 0xa0 && (byte(at + 2) & 0xc0U) == 0x80;
  if (!is_surrogate) return {replacement, 1, false};
  return {0xd000U | (byte(at + 1) & 0x3fU) << 6U | (byte(at + 2) & 0x3fU), 3, false};
}

std::string without_surrogates(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  // Their first byte is that of U+D000 to U+D7FF, too, which are Korean.
  for (auto at = text.find('\xed'); at != std::string_view::npos; at = text.find('\xed', at + 1)) {
    if (decode_any_at(text, at).length != 3 || decode_at(text, at)) continue;
    out.append(text.substr(copied, at - copied)).append("\xef\xbf\xbd");
    copied = at + 3;
  }
  return out.append(text.substr(copied));
}

bool is_hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

}  // namespace bookafy::unicode
