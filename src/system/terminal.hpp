/// What the standard streams are connected to, and how a secret is typed.
#pragma once

#include <cstddef>
#include <string>

namespace bookafy::system {

bool is_terminal(int descriptor);
/// Columns of the terminal behind a descriptor; 0 when it is none or does not say.
int terminal_width(int descriptor);

/// Prints `prompt` on standard error and reads a line of any length up to `limit` bytes from the terminal behind
/// `descriptor` without showing it. The terminal shows what is typed again afterwards, while the process is stopped,
/// and when a signal ends it; a process that is continued asks again. Bracketed-paste markers are not part of the
/// line. Throws http::Interrupted, and Error (usage) for a longer line, pasted lines and a terminal that cannot be
/// read. For one thread at a time.
std::string read_hidden_line(int descriptor, const std::string& prompt, std::size_t limit);

/// Shows what is typed again when `read_hidden_line` hides it. Async-signal-safe, for a handler that ends the process.
void restore_terminal();

/// The text without the markers that some terminals put around what is pasted.
std::string without_paste_markers(std::string text);

}  // namespace bookafy::system
