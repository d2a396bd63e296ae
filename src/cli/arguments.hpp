/// The words of a command line, sorted into command, options and arguments before CLI11 reads them.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <vector>

namespace bookafy::cli {

struct SortedArguments {
  /// For CLI11: the command, each option as `--name` or `--name=value`, then `--` and the arguments.
  std::vector<std::string> words{};
  std::vector<std::string> inner_command{};  ///< what follows `--` of `sandbox`
};

/// Every value of an option and every argument is checked here, whatever the command: none is empty or blank, a list
/// has no empty entry, and all are valid UTF-8 but those that name a file, a shell command or a header. Throws Error
/// (usage), also for an unknown command or option.
SortedArguments sort_arguments(const CLI::App& app, const std::vector<std::string>& arguments);

/// Throws Error (usage) with the help of the command as hint.
[[noreturn]] void fail_usage(const std::string& command, const std::string& message);

}  // namespace bookafy::cli
