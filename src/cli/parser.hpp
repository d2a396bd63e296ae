/// The command line to plain data. CLI11 is hidden here; nothing is run, no file or environment is read.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/invocation.hpp"

namespace bookafy::cli {

/// Help or version, for standard output.
struct Text {
  std::string text;
};

/// The arguments without the program's name. Throws Error (usage).
std::variant<Invocation, Text> parse(std::vector<std::string> arguments);

/// What `--output` and `--color` ask for.
struct Requested {
  std::optional<std::string> format{};
  std::optional<std::string> color{};
};
/// Found without parsing: errors of a command line that cannot be parsed obey them, too.
Requested requested_of(const std::vector<std::string>& arguments);

}  // namespace bookafy::cli
