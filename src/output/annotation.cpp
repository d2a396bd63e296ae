#include "output/annotation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "output/text.hpp"

namespace bookafy::output {
namespace {

/// The runner undoes this. In a property, `:` and `,` would end it.
std::string escaped(std::string_view text, std::string_view also) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '%' || also.find(c) != std::string_view::npos)
      out += fmt::format("%{:02X}", static_cast<int>(c));
    else
      out += c;
  }
  return out;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `file=F,line=L,col=C`
std::optional<std::string> place(std::string_view parameter) {
  const auto column = parameter.rfind(':');
  if (column == std::string_view::npos || column == 0) return std::nullopt;
  const auto line = parameter.rfind(':', column - 1);
  if (line == std::string_view::npos || line == 0) return std::nullopt;
  const auto line_text = parameter.substr(line + 1, column - line - 1);
  const auto column_text = parameter.substr(column + 1);
  if (!is_number(line_text) || !is_number(column_text)) return std::nullopt;
  return fmt::format("file={},line={},col={}", escaped(parameter.substr(0, line), ":,"), line_text, column_text);
}

}  // namespace

std::string annotations(const Error& error, const std::string& headline) {
  std::string lines;
  for (const ErrorDetail& detail : error.details)
    if (const auto where = place(detail.parameter))
      lines += fmt::format("::error {}::{}\n", *where, escaped(detail.message, ""));
  if (lines.empty()) lines = fmt::format("::error title=bookafy::{}\n", escaped(headline, ""));
  return lines;
}

}  // namespace bookafy::output
