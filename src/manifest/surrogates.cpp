#include "manifest/surrogates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace bookafy::manifest {
namespace {

constexpr std::size_t escape_length = 6;
constexpr int shorter = 2;  ///< `\U0001F600` than `\ud83d\ude00`

/// Of the `\u` escape that begins there.
std::optional<char32_t> surrogate_at(std::string_view text, std::size_t at) {
  const std::string_view escape = text.substr(std::min(at, text.size()), escape_length);
  unsigned value = 0;
  if (escape.size() < escape_length || !escape.starts_with("\\u")) return std::nullopt;
  const auto [end, error] = std::from_chars(escape.data() + 2, escape.data() + escape_length, value, 16);
  if (error != std::errc() || end != escape.data() + escape_length || value < 0xd800 || value > 0xdfff)
    return std::nullopt;
  return value;
}

bool begins_as_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

Position Joined::original(Position at) const {
  const auto before = [](Position a, Position b) { return a.line != b.line ? a.line < b.line : a.column < b.column; };
  const auto begin = std::lower_bound(pairs.begin(), pairs.end(), Position{at.line, 0}, before);
  const auto end = std::lower_bound(begin, pairs.end(), at, before);
  return {at.line, at.column + shorter * static_cast<int>(end - begin)};
}

Joined join_surrogates(std::string_view text) {
  if (!begins_as_json(text)) return {.text = std::string(text)};
  Joined joined;
  Position at;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size();) {
    if (const auto high = is_quoted ? surrogate_at(text, i) : std::nullopt) {
      const auto low = surrogate_at(text, i + escape_length);
      if (*high >= 0xdc00 || !low || *low < 0xdc00)
        throw Unreadable(
            {joined.original(at), fmt::format("{} is half of a surrogate pair", text.substr(i, escape_length))});
      const auto character = 0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00);
      joined.pairs.push_back(at);
      joined.text += fmt::format("\\U{:08X}", static_cast<unsigned>(character));
      at.column += 2 * static_cast<int>(escape_length) - shorter;
      i += 2 * escape_length;
      continue;
    }
    if (text[i] == '"') is_quoted = !is_quoted;
    const std::size_t length = is_quoted && text[i] == '\\' && i + 1 < text.size() ? 2 : 1;
    for (const char c : text.substr(i, length))
      at = c == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
    joined.text += text.substr(i, length);
    i += length;
  }
  return joined;
}

}  // namespace bookafy::manifest
