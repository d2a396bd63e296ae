#include "api/json_marks.hpp"

#include <algorithm>
#include <charconv>

namespace bookafy::codec {
namespace {

constexpr char number_mark = '#';
constexpr std::size_t escape_length = 6;  // of \uXXXX

/// The UTF-16 unit that the escape at byte `at` stands for; nullopt when there is no `\u` escape.
std::optional<unsigned> unit_at(std::string_view text, std::size_t at) {
  const std::string_view escape = text.substr(std::min(at, text.size()), escape_length);
  if (escape.size() < escape_length || !escape.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(escape.data() + 2, escape.data() + escape_length, unit, 16);
  return error == std::errc() && end == escape.data() + escape_length ? std::optional(unit) : std::nullopt;
}

/// Whether the text is a number of JSON's grammar that may be beyond a double. All such numbers become Decimals.
bool may_be_too_large(std::string_view text) {
  constexpr std::size_t shortest_exponent = 3;  // digits: 1e308 is a double, 1e309 is not
  constexpr std::size_t longest_mantissa = 200;
  const auto digits = [&text] {
    const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  const auto skip = [&text](std::string_view any) {
    const bool found = !text.empty() && any.find(text.front()) != std::string_view::npos;
    if (found) text.remove_prefix(1);
    return found;
  };
  const bool is_long = text.size() > longest_mantissa;
  skip("-");
  if (!skip("0") && digits() == 0) return false;
  if (skip(".") && digits() == 0) return false;
  std::size_t exponent = 0;
  if (skip("eE")) {
    skip("+-");
    exponent = digits();
    if (exponent == 0) return false;
  }
  return text.empty() && (is_long || exponent >= shortest_exponent);
}

class Marker {
 public:
  explicit Marker(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    for (std::size_t at = 0; at < text_.size();) at = is_quoted_ ? in_string(at) : outside(at);
    if (!is_marked_) return std::nullopt;
    out_.append(text_.substr(copied_));
    return std::move(out_);
  }

 private:
  /// Both return where the next piece begins.
  std::size_t in_string(std::size_t at) {
    if (text_[at] != '\\') {
      is_quoted_ = text_[at] != '"';
      return at + 1;
    }
    const auto unit = unit_at(text_, at);
    if (!unit) return at + 2;
    const bool is_half = *unit >= 0xd800 && *unit <= 0xdfff;
    const auto low = *unit < 0xdc00 ? unit_at(text_, at + escape_length) : std::nullopt;
    if (is_half && low && *low >= 0xdc00 && *low <= 0xdfff) return at + 2 * escape_length;
    if (is_half || *unit == 0) replace(at, escape_length, is_half ? text_.substr(at + 2, escape_length - 2) : "0");
    is_marked_ = is_marked_ || is_half;
    return at + escape_length;
  }

  std::size_t outside(std::size_t at) {
    is_quoted_ = text_[at] == '"';
    if (text_[at] != '-' && (text_[at] < '0' || text_[at] > '9')) return at + 1;
    const auto end = std::min(text_.find_first_not_of("0123456789+-.eE", at), text_.size());
    const std::string_view number = text_.substr(at, end - at);
    if (may_be_too_large(number)) {
      replace(at, 0, "");
      out_.insert(out_.size() - escape_length, 1, '"');
      out_.append(1, number_mark).append(number).append(1, '"');
      copied_ = end;
      is_marked_ = true;
    }
    return end;
  }

  void replace(std::size_t at, std::size_t length, std::string_view by) {
    out_.append(text_.substr(copied_, at - copied_)).append("\\u0000").append(by);
    copied_ = at + length;
  }

  std::string_view text_;
  std::string out_;
  std::size_t copied_ = 0;
  bool is_quoted_ = false;
  bool is_marked_ = false;
};

}  // namespace

std::optional<std::string> with_marks(std::string_view text) { return Marker(text).run(); }

std::optional<std::string_view> marked_number(std::string_view text) {
  if (text.size() < 2 || text[0] != '\0' || text[1] != number_mark) return std::nullopt;
  return text.substr(2);
}

std::string without_marks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\0') {
      out += text[i];
    } else if (text[++i] == '0') {
      out += '\0';
    } else {
      unsigned unit = 0;
      std::from_chars(text.data() + i, text.data() + i + 4, unit, 16);
      out += static_cast<char>(0xe0U | unit >> 12U);
      out += static_cast<char>(0x80U | (unit >> 6U & 0x3fU));
      out += static_cast<char>(0x80U | (unit & 0x3fU));
      i += 3;
    }
  }
  return out;
}

}  // namespace bookafy::codec
