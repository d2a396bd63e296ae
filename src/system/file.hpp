/// Small files that hold secrets or settings.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "bookafy/secret.hpp"
#include "system/input.hpp"

namespace bookafy::system {

inline constexpr std::size_t longest_secret = std::size_t{64} * 1024;

/// The text of a secret without a byte order mark and one final LF or CRLF.
Secret to_secret(std::string text);
/// What makes a secret unusable everywhere: `is UTF-16, not UTF-8` or `has a NUL byte`. Empty when nothing does.
std::string encoding_problem(const Secret& secret);

/// A token or key: the file's content as `to_secret` has it; `-` reads standard input. From a terminal, one line is
/// read and not shown. Throws Error (usage) when it cannot be read or is larger than `longest_secret` bytes; `what`
/// (`the token file`) names it there.
Secret read_secret(const std::string& path, Input& standard_input, const std::string& what);

/// The content of a file, or with `-` what is left of standard input, byte for byte. Throws Error (usage) when it
/// cannot be read or is larger than `limit` bytes; `what` (`the body`) names it there.
std::string read_file(const std::string& path, Input& standard_input, const std::string& what, std::size_t limit);

/// Makes a new file that only its owner may read, complete and on disk when it returns. Throws Error (usage) when
/// something of that name exists already, a symlink included, or when it cannot be written: then nothing is left
/// behind.
void create_private_file(const std::string& path, std::string_view content, const std::string& what);

/// Puts such a file in the place of an older one, in one step: a reader sees the old content or the new.
void replace_private_file(const std::string& path, std::string_view content, const std::string& what);

/// Content of a file that must be its owner's alone; nullopt when there is none. Throws Error (usage) when it is a
/// symlink, belongs to somebody else, or others may read it.
std::optional<std::string> read_private_file(const std::string& path, const std::string& what);

/// Throws Error (usage) when the path is a symbolic link.
void refuse_symlink(const std::string& path, const std::string& what);

/// Makes a folder of mode 0700 and those above it as needed. Throws Error (usage).
void make_private_folder(const std::string& path);

}  // namespace bookafy::system
