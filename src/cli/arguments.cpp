#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/unicode.hpp"
#include "bookafy/error.hpp"
#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

/// Names of files and shell commands are bytes, and a signature is only compared.
bool may_be_any_bytes(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type == "FILE" || type == "BODY_FILE" || type == "CMD" || type == "COMMAND" || type == "HEADER";
}

/// The entries of a list without the blanks around them.
std::string joined_entries(const std::string& list, char delimiter, const std::string& name,
                           const std::string& command) {
  std::string joined;
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(delimiter, begin), list.size());
    const auto entry = trimmed(std::string_view(list).substr(begin, end - begin));
    if (entry.empty()) fail_usage(command, fmt::format("{} has an empty entry: \"{}\"", name, list));
    if (!joined.empty()) joined += delimiter;
    joined += entry;
    begin = end + 1;
  }
  return joined;
}

class ArgumentSorter {
 public:
  ArgumentSorter(const CLI::App& app, const std::vector<std::string>& words) : app_(app), words_(words) {}

  SortedArguments sort() {
    for (; next_ < words_.size(); ++next_) {
      const std::string& word = words_[next_];
      if (word == "--") {
        read_rest();
        break;
      }
      if (word.starts_with("--"))
        read_long(word);
      else if (word.starts_with("-") && word.size() > 1)
        read_short(word);
      else if (!command_)
        command_ = &find_command(word);
      else
        add_argument(word);
    }
    return result();
  }

 private:
  std::string command_name() const { return command_ ? command_->get_name() : ""; }
  [[noreturn]] void fail(const std::string& message) const { fail_usage(command_name(), message); }

  const CLI::App& find_command(const std::string& word) const {
    for (const CLI::App* one : app_.get_subcommands({}))
      if (one->get_name() == word) return *one;
    std::vector<std::string> names;
    for (const Definition& one : definitions()) names.emplace_back(one.name);
    fail(fmt::format("unknown command {}{}", word, did_you_mean(word, names)));
  }

  template <typename Matches>
  const CLI::Option* find_option(const Matches& matches) const {
    for (const CLI::App* one : {command_, &app_}) {
      if (!one) continue;
      for (const CLI::Option* option : one->get_options({}))
        if (!option->get_positional() && matches(*option)) return option;
    }
    return nullptr;
  }

  [[noreturn]] void fail_unknown(const std::string& name) const {
    if (!command_) {
      // The option of a command can stand before it by mistake only: global options are known everywhere.
      for (std::size_t i = next_ + 1; i < words_.size(); ++i)
        for (const CLI::App* one : app_.get_subcommands({}))
          if (one->get_name() == words_[i] && one->get_option_no_throw(name))
            fail_usage(words_[i], fmt::format("{} is an option of {}: put it after the command", name, words_[i]));
    }
    std::vector<std::string> names;
    find_option([&](const CLI::Option& option) {
      for (const std::string& known : option.get_lnames()) names.push_back("--" + known);
      return false;
    });
    fail(fmt::format("unknown option {}{}", name, did_you_mean(name, names)));
  }

  void read_long(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const CLI::Option* option = find_option([&](const CLI::Option& one) { return one.check_lname(name.substr(2)); });
    if (!option) fail_unknown(name);
    if (equals != std::string::npos)
      add_option(*option, name, word.substr(equals + 1));
    else if (takes_value(*option))
      add_option(*option, name, next_word(name));
    else
      options_.push_back("--" + option->get_lnames().front());
  }

  /// `-q`, `-qo json`, `-ojson`, `-o=json`
  void read_short(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = fmt::format("-{}", word[i]);
      const CLI::Option* option = find_option([&](const CLI::Option& one) { return one.check_sname(name.substr(1)); });
      if (!option) fail_unknown(name);
      const bool has_equals = i + 1 < word.size() && word[i + 1] == '=';
      if (has_equals || (takes_value(*option) && i + 1 < word.size()))
        return add_option(*option, name, word.substr(i + (has_equals ? 2 : 1)));
      if (takes_value(*option)) return add_option(*option, name, next_word(name));
      options_.push_back("--" + option->get_lnames().front());
    }
  }

  std::string next_word(const std::string& name) {
    if (++next_ == words_.size()) fail(name + " needs a value");
    return words_[next_];
  }

  void add_option(const CLI::Option& option, const std::string& name, std::string value) {
    if (trimmed(value).empty())
      fail(fmt::format("{} {}", name, takes_value(option) ? "needs a value" : "takes no value"));
    check_encoding(option, name, value);
    if (const char delimiter = option.get_delimiter(); delimiter != '\0')
      value = joined_entries(value, delimiter, name, command_name());
    options_.push_back(fmt::format("--{}={}", option.get_lnames().front(), value));
  }

  void check_encoding(const CLI::Option& option, const std::string& name, const std::string& value) const {
    if (!may_be_any_bytes(option) && !unicode::is_valid(value)) fail(fmt::format("{} is not valid UTF-8", name));
  }

  void add_argument(const std::string& word) {
    const auto positionals = command_->get_options([](const CLI::Option* one) { return one->get_positional(); });
    if (positionals.empty()) fail("unexpected argument " + word);
    const CLI::Option& option = *positionals[std::min(arguments_.size(), positionals.size() - 1)];
    const std::string name = "argument " + option.get_type_name();
    if (trimmed(word).empty()) fail(name + " is empty");
    check_encoding(option, name, word);
    arguments_.push_back(word);
  }

  void read_rest() {
    const std::vector<std::string> rest(words_.begin() + static_cast<std::ptrdiff_t>(next_) + 1, words_.end());
    if (command_name() == "sandbox") {
      if (rest.empty()) fail("no command after --");
      inner_command_ = rest;
      return;
    }
    for (const std::string& word : rest) {
      if (command_)
        add_argument(word);
      else
        command_ = &find_command(word);
    }
  }

  SortedArguments result() {
    SortedArguments sorted{.words = {}, .inner_command = std::move(inner_command_)};
    if (command_) sorted.words.push_back(command_name());
    sorted.words.insert(sorted.words.end(), options_.begin(), options_.end());
    if (!arguments_.empty()) sorted.words.emplace_back("--");
    sorted.words.insert(sorted.words.end(), arguments_.begin(), arguments_.end());
    return sorted;
  }

  const CLI::App& app_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  const CLI::App* command_ = nullptr;
  std::vector<std::string> options_;
  std::vector<std::string> arguments_;
  std::vector<std::string> inner_command_;
};

}  // namespace

void fail_usage(const std::string& command, const std::string& message) {
  Error error(ErrorKind::usage, message);
  error.hint = fmt::format("run 'bookafy {}{}--help' for usage", command, command.empty() ? "" : " ");
  throw error;
}

SortedArguments sort_arguments(const CLI::App& app, const std::vector<std::string>& arguments) {
  return ArgumentSorter(app, arguments).sort();
}

}  // namespace bookafy::cli
