/// JSON that nlohmann's parser refuses although RFC 8259's grammar allows it: half of a surrogate pair, and a number
/// beyond a double. Such pieces are rewritten as strings that the parser carries.
///
/// In a rewritten string a NUL, which JSON text has as `\u0000` only, introduces a mark: `0` stands for a NUL, four
/// hexadecimal digits for a surrogate, `#` for a number whose text follows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bookafy::codec {

/// The text with marks; nullopt when it has nothing that needs one. What is not JSON does not become JSON, except that
/// a number may stand where a name belongs. Linear time.
std::optional<std::string> with_marks(std::string_view text);

/// The text of the number that a string of a marked text stands for.
std::optional<std::string_view> marked_number(std::string_view text);

/// Any other string of a marked text as it was. A surrogate gets the three bytes that UTF-8 would have for it.
std::string without_marks(std::string_view text);

}  // namespace bookafy::codec
