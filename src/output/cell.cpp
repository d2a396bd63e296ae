#include "output/cell.hpp"

#include <algorithm>

#include "api/codec.hpp"
#include "api/unicode.hpp"
#include "bookafy/resource.hpp"
#include "output/text.hpp"

namespace bookafy::output {
namespace {

bool ends_in(std::string_view path, std::string_view step) {
  return path.ends_with(step) && (path.size() == step.size() || path[path.size() - step.size() - 1] == '.');
}

/// Matches digits where `shape` has a `0`, and the character itself elsewhere.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return false;
  }
  return true;
}

std::string short_uri(const std::string& uri) {
  auto resource = parse_resource(uri);
  if (!resource) return uri;
  return resource->event.empty() ? resource->id : resource->event + "/" + resource->id;
}

bool starts_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

/// What stands after the backslash for a character that TSV cannot hold; or nothing.
char letter_of(char c) {
  switch (c) {
    case '\t': return 't';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\\': return '\\';
    default: return '\0';
  }
}

bool is_text(const Value* value) { return value && (value->string() || value->array()); }

}  // namespace

bool join_strings(const Value::Array& items, std::string& joined) {
  joined.clear();
  for (const Value& item : items) {
    if (!item.string()) return false;
    if (&item != &items.front()) joined += ',';
    joined += *item.string();
  }
  return true;
}

std::string exact_cell(std::string_view path, const Value* value) {
  if (!value || value->is_null()) return {};
  if (const auto* text = value->string()) return unicode::without_surrogates(*text);
  std::string joined;
  if (value->array() && ends_in(path, "events") && join_strings(*value->array(), joined))
    return unicode::without_surrogates(joined);
  return codec::encode(*value);
}

std::string readable_cell(std::string_view path, const Value* value) {
  const std::string* text = value ? value->string() : nullptr;
  if (text && ends_in(path, "uri")) return printable(short_uri(*text));
  return printable(text ? shortened_time(*text) : exact_cell(path, value));
}

std::string csv_quoted(std::string text) {
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

std::string csv_cell(std::string_view path, const Value* value) {
  std::string text = exact_cell(path, value);
  if (is_text(value) && starts_formula(text)) text.insert(0, 1, '\'');
  return csv_quoted(std::move(text));
}

std::string tsv_escaped(std::string text) {
  if (std::none_of(text.begin(), text.end(), [](char c) { return letter_of(c) != '\0'; })) return text;
  std::string escaped;
  for (const char c : text) {
    if (const char letter = letter_of(c); letter != '\0')
      escaped.append(1, '\\').append(1, letter);
    else
      escaped += c;
  }
  return escaped;
}

std::string shortened_time(std::string_view text) {
  constexpr std::string_view seconds = "0000-00-00T00:00:00";
  if (!has_shape(text.substr(0, seconds.size()), seconds)) return std::string(text);
  auto zone = text.substr(seconds.size());
  if (zone.starts_with('.')) {
    auto end = zone.find_first_not_of("0123456789", 1);
    zone.remove_prefix(end == std::string_view::npos ? zone.size() : end);
  }
  if (zone == "+00:00") zone = "Z";
  if (zone != "Z" && !has_shape(zone, "+00:00") && !has_shape(zone, "-00:00")) return std::string(text);
  return std::string(text.substr(0, 10)).append(1, ' ').append(text.substr(11, 5)).append(zone);
}

}  // namespace bookafy::output
