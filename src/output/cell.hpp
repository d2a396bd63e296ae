/// One value as the text of one cell.
#pragma once

#include <string>
#include <string_view>

#include "bookafy/value.hpp"

namespace bookafy::output {

/// The value as it is: a string's text, a number's digits, compact JSON for an object or array, nothing for null or an
/// absent value. `path` is the column's dotted path: `events` is comma-joined.
std::string exact_cell(std::string_view path, const Value* value);

/// For people, on one line and without controls: times shortened to `2026-11-23 09:15Z`, a resource's own `uri` as the
/// id (`EVENT/INVITEE` for an invitee).
std::string readable_cell(std::string_view path, const Value* value);

/// RFC 4180. Text that a spreadsheet would run as a formula gets a leading `'`; numbers are left alone.
std::string csv_cell(std::string_view path, const Value* value);
/// A text quoted where RFC 4180 wants it.
std::string csv_quoted(std::string text);

/// Tab, newline, carriage return and backslash as `\t \n \r \\`, so that a reader can undo it exactly.
std::string tsv_escaped(std::string text);

/// A time of RFC 3339 as `2026-11-23 09:15Z`; any other text unchanged.
std::string shortened_time(std::string_view text);

/// `a,b` for an array that holds only strings. False when it holds anything else; then `joined` is unspecified.
bool join_strings(const Value::Array& items, std::string& joined);

}  // namespace bookafy::output
