/// Strangers' text made safe and measurable for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace bookafy::output {

/// Control characters (C0, DEL, C1), bidi controls and bytes that are not UTF-8 as visible escapes: `\n`, `\x1b`,
/// `\u202e`; a surrogate as U+FFFD. The result is one line of valid UTF-8 without any control.
std::string printable(std::string_view text);

/// The columns a terminal gives to printable text: two for wide characters, none for combining marks.
int display_width(std::string_view printable_text);

/// The longest beginning that fits into `width` columns, its end marked with `…` when something was cut.
std::string cut_to_width(std::string_view printable_text, int width);

}  // namespace bookafy::output
