/// The one table of commands: names, groups, help, and how each takes its options.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/global_use.hpp"
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
  unsigned uses = use::everything;  ///< global options that have an effect on it, as groups
  std::span<const ConditionalUse> conditional_uses{};
};

/// All of them in the order of the help.
std::span<const Definition> definitions();

// Its parts, a file each.
std::span<const Definition> subscription_definitions();
std::span<const Definition> lookup_definitions();
std::span<const Definition> delivery_definitions();
std::span<const Definition> provisioning_definitions();
std::span<const Definition> account_definitions();
std::span<const Definition> tool_definitions();

/// The options of every command, and the wanted commands with theirs; once `app` has parsed, `invocation` holds what
/// was asked for.
void declare(CLI::App& app, Invocation& invocation, const std::function<bool(std::string_view)>& is_wanted);

// What the definitions share.

/// Options write into `args`; when the command was given, the target gets them.
template <typename Args>
std::shared_ptr<Args> arguments_for(CLI::App& app, Command& target) {
  auto args = std::make_shared<Args>();
  app.final_callback([args, &target] { target = *args; });
  return args;
}

/// A validator that refuses a value says what is expected, this mark, and the value.
inline constexpr char value_mark = '\x1f';

/// One of these words; any other is refused, naming the nearest. Completion offers them.
CLI::Validator one_of(std::vector<std::string> words);
/// The words of an option that has them.
std::vector<std::string> choices_of(CLI::Option& option);
/// `; did you mean …?`, or nothing when no name is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

/// A whole number within these bounds.
CLI::Validator whole_number(std::int64_t least, std::int64_t most);
/// A number of seconds up to a day.
CLI::Validator seconds(double least);
/// `organization`, `user`, `group`
std::vector<std::string> scope_names();
void add_owner_options(CLI::App& app, commands::Owner& owner);
void add_jobs_option(CLI::App& app, int& jobs);

}  // namespace bookafy::cli
