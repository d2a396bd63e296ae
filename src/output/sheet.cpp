#include "output/sheet.hpp"

#include <algorithm>
#include <utility>

#include "output/cell.hpp"
#include "output/text.hpp"

namespace bookafy::output {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string joined_path(const std::string& path, const std::string& step) {
  return path.empty() ? step : path + "." + step;
}

void add_lines(const std::string& path, const Value* value, Lines& lines) {
  std::string text;
  if (const auto* members = value ? value->object() : nullptr; members && !members->empty()) {
    for (const auto& [key, member] : *members) add_lines(joined_path(path, key), &member, lines);
    return;
  }
  if (const auto* items = value ? value->array() : nullptr) {
    if (!join_strings(*items, text)) {
      for (std::size_t i = 0; i < items->size(); ++i)
        add_lines(joined_path(path, std::to_string(i)), &(*items)[i], lines);
      return;
    }
  } else if (value && !value->object()) {
    text = value->string() ? shortened_time(*value->string()) : exact_cell(path, value);
  }
  lines.emplace_back(printable(path), printable(text));
}

}  // namespace

std::string sheet(const Value& resource, const std::vector<std::string>& fields, bool color) {
  Lines lines;
  if (fields.empty()) add_lines("", &resource, lines);
  for (const std::string& field : fields) add_lines(field, resource.at_path(field), lines);

  int width = 0;
  for (const auto& [path, text] : lines) width = std::max(width, display_width(path));
  std::string out;
  for (const auto& [path, text] : lines) {
    out += path;
    if (!text.empty()) {
      if (width > 0) out.append(static_cast<std::size_t>(width - display_width(path)) + 2, ' ');
      const bool stands_out = color && path == "state" && text == "disabled";
      out += stands_out ? "\x1b[1;31m" + text + "\x1b[0m" : text;
    }
    out += '\n';
  }
  return out;
}

}  // namespace bookafy::output
