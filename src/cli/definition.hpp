/// The one table of commands: names, groups, help, and how each takes its options.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <span>
#include <string_view>

#include "cli/invocation.hpp"

namespace bookafy::cli {

struct Definition {
  std::string_view group;
  std::string_view name;
  std::string_view summary;
  std::string_view examples;  ///< lines of shell, for the help
  /// Declares the options on `app`; once they are parsed, the command's arguments are in `target`.
  void (*define)(CLI::App& app, Command& target);
  /// What the help says between options and examples; may be null.
  std::string (*notes)() = nullptr;
};

/// In the order of the help.
std::span<const Definition> definitions();

void define_global_options(CLI::App& app, GlobalOptions& options);

}  // namespace bookafy::cli
