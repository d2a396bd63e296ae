#include "output/text.hpp"

#include <fmt/format.h>
#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <limits>

#include "api/unicode.hpp"

namespace bookafy::output {
namespace {

bool is_plain(char c) { return c >= 0x20 && c <= 0x7e; }

bool all_plain(std::string_view text) { return std::all_of(text.begin(), text.end(), is_plain); }

/// A locale whose wcwidth() knows Unicode; null where the system has none.
locale_t unicode_locale() {
  static const locale_t found = [] {
    for (const char* name : {"C.UTF-8", "C.utf8", "en_US.UTF-8"})
      if (locale_t made = newlocale(LC_CTYPE_MASK, name, nullptr)) return made;
    return locale_t{};
  }();
  return found;
}

/// Switches this thread only, so that the rest of the program keeps the C locale.
class UnicodeLocale {
 public:
  UnicodeLocale() : known_(unicode_locale()), before_(known_ ? uselocale(known_) : nullptr) {}
  UnicodeLocale(const UnicodeLocale&) = delete;
  UnicodeLocale& operator=(const UnicodeLocale&) = delete;
  ~UnicodeLocale() {
    if (known_) uselocale(before_);
  }

  int width(char32_t c) const {
    if (!known_) return 1;
    const int columns = wcwidth(static_cast<wchar_t>(c));
    return columns < 0 ? 1 : columns;  // newer than the system's tables
  }

 private:
  locale_t known_;
  locale_t before_;
};

/// The bytes of the longest beginning that takes at most `columns`, and the columns it takes.
struct Beginning {
  std::size_t bytes = 0;
  int columns = 0;
};

Beginning fitting(std::string_view text, int columns) {
  const UnicodeLocale locale;
  Beginning begin;
  while (begin.bytes < text.size()) {
    const auto c = unicode::decode_at(text, begin.bytes);
    const int width = c ? locale.width(c->value) : 1;
    if (width > columns - begin.columns) break;
    begin.bytes += c ? c->length : 1;
    begin.columns += width;
  }
  return begin;
}

std::string escaped(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  const auto number = static_cast<std::uint32_t>(c);
  return c < 0x80 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto plain_end = std::find_if_not(text.begin() + i, text.end(), is_plain) - text.begin();
    out.append(text.substr(i, plain_end - i));
    i = plain_end;
    if (i == text.size()) break;
    const auto c = unicode::decode_any_at(text, i);
    if (!c.is_utf8)
      out += c.length == 1 ? fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i])) : "\xef\xbf\xbd";
    else if (unicode::is_hidden(c.value))
      out += escaped(c.value);
    else
      out.append(text.substr(i, c.length));
    i += c.length;
  }
  return out;
}

int display_width(std::string_view printable_text) {
  if (all_plain(printable_text)) return static_cast<int>(printable_text.size());
  return fitting(printable_text, std::numeric_limits<int>::max()).columns;
}

std::string cut_to_width(std::string_view printable_text, int width) {
  if (width <= 0) return {};
  if (display_width(printable_text) <= width) return std::string(printable_text);
  return std::string(printable_text.substr(0, fitting(printable_text, width - 1).bytes)) + "…";
}

}  // namespace bookafy::output
