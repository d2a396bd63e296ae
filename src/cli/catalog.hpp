/// What the command line takes, as plain data: for completion, and for tests that hold the documentation to it.
#pragma once

#include <string>
#include <vector>

namespace bookafy::cli {

struct OptionEntry {
  std::vector<std::string> names{};  ///< `-o`, `--output`; none: an argument without a name
  std::string value{};               ///< the type of its value as the help names it, `FORMAT`; empty: it takes none
  std::string description{};
  std::vector<std::string> choices{};  ///< the only values it takes; empty: not a fixed set
};

struct CommandEntry {
  std::string name{};
  std::string summary{};
  std::vector<OptionEntry> options{};  ///< without those of every command
  std::vector<OptionEntry> arguments{};
};

struct Catalog {
  std::vector<OptionEntry> options{};  ///< those of every command
  std::vector<CommandEntry> commands{};
};

Catalog catalog();

}  // namespace bookafy::cli
