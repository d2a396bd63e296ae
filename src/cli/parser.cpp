#include "cli/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bookafy/event.hpp"
#include "cli/arguments.hpp"
#include "cli/completion.hpp"
#include "cli/definition.hpp"
#include "cli/global_use.hpp"

namespace bookafy::cli {
namespace {

constexpr std::size_t help_column = 30;
constexpr std::string_view time_notes =
    "\nTIME is RFC 3339 (2026-11-23T09:30:00Z), a date (2026-11-23), unix seconds, now, today,\n"
    "yesterday, tomorrow, or a duration before now (90m, 36h, 7d, 2w) or after it (+7d).\n";

const CLI::App& current_command(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : *chosen.front();
}

std::string option_help(const CLI::Option& option) {
  std::string name = option.get_name(option.get_positional(), true);
  for (std::size_t comma = 0; (comma = name.find(',', comma)) != std::string::npos; comma += 2)
    name.insert(comma + 1, " ");
  if (option.get_positional()) name.clear();
  if (option.get_type_size() > 0) name += (name.empty() ? "" : " ") + option.get_type_name();
  if (name.size() >= help_column - 3) name.append(1, '\n').append(help_column, ' ');
  return fmt::format("  {:<{}}{}{}\n", name, help_column - 2, option.get_description(),
                     option.get_required() && !option.get_positional() ? " (required)" : "");
}

std::string main_help(const CLI::App& app) {
  std::string text = "Usage: bookafy [options] COMMAND [options] [arguments]\n\n" + app.get_description() + "\n";
  std::string_view group;
  for (const Definition& command : definitions()) {
    if (command.group != group) text += fmt::format("\n{}:\n", group = command.group);
    text += fmt::format("  {:<12}{}\n", command.name, command.summary);
  }
  text += "\nGlobal options:\n";
  for (const CLI::Option* option : app.get_options()) text += option_help(*option);
  text +=
      "\nRun 'bookafy COMMAND --help' for the options of a command, 'bookafy sandbox' to try it without an account.\n";
  return text;
}

/// `EVENT [INVITEE]`, `SUBSCRIPTION...`: how often an argument is taken.
std::string argument_usage(const CLI::Option& argument) {
  std::string text = argument.get_type_name();
  if (text.find(' ') != std::string::npos) return text;
  if (text == "COMMAND") text = "-- " + text;
  if (argument.get_expected_max() > 1) text += "...";
  return argument.get_required() ? text : "[" + text + "]";
}

std::string command_help(const Definition& command, const CLI::App& app) {
  std::string text = fmt::format("{}.\n\nUsage: bookafy {} [options]", command.summary, command.name);
  const auto is_positional = [](const CLI::Option* option) { return option->get_positional(); };
  const auto positionals = app.get_options(is_positional);
  for (const CLI::Option* option : positionals) text += " " + argument_usage(*option);
  text += '\n';
  if (!positionals.empty()) text += "\nArguments:\n";
  for (const CLI::Option* option : positionals) text += option_help(*option);
  text += "\nOptions:\n";
  for (const CLI::Option* option : app.get_options([&](const CLI::Option* one) { return !is_positional(one); }))
    text += option_help(*option);
  if (!app.get_options([](const CLI::Option* one) { return one->get_type_name() == "TIME"; }).empty())
    text += time_notes;
  if (command.notes) text += "\n" + command.notes();
  text += "\nExamples:\n";
  for (std::string_view rest = command.examples; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    text += fmt::format("  {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text + "\nRun 'bookafy --help' for the global options.\n";
}

/// The option or argument that a complaint of CLI11's begins with; nullptr when it begins with none.
const CLI::Option* complained_of(const CLI::App& app, std::string_view complaint) {
  const std::string_view name = complaint.substr(0, complaint.find_first_of(": "));
  for (const CLI::App* one : {&current_command(app), &app})
    for (const CLI::Option* option : one->get_options())
      if (option->get_name() == name) return option;
  return nullptr;
}

/// CLI11 counts values and names arguments as the code does; the rules of `Expected` hold only what is accepted.
std::string in_plain_words(const CLI::App& app, const CLI::ParseError& error) {
  std::string text = error.what();
  const CLI::Option* option = complained_of(app, text);
  if (!option || option->get_type_size() == 0) return text;
  const std::string type = option->get_type_name();
  if (dynamic_cast<const CLI::RequiredError*>(&error) && option->get_positional())
    return "missing argument " + type.substr(type.rfind(' ') + 1);
  if (const auto mark = text.find(value_mark); mark != std::string::npos) {
    const auto expected = text.substr(option->get_name().size() + 2, mark - option->get_name().size() - 2);
    return fmt::format("invalid value \"{}\" for {}; {}", text.substr(mark + 1),
                       option->get_positional() ? type : option->get_name(), expected);
  }
  if (!dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return text;
  if (option->count() > 1) return option->get_name() + " is given more than once";
  return option->get_name() + " needs a value";
}

/// What CLI11 could not place: an argument too many.
std::string unexpected(const CLI::App& app) {
  const auto extras = app.remaining(true);
  return "unexpected argument " + (extras.empty() ? std::string() : extras.front());
}

}  // namespace

std::variant<Invocation, Text> parse(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "__complete") {
    arguments.erase(arguments.begin());
    return complete(std::move(arguments));
  }
  Invocation invocation;
  CLI::App app("Webhook subscriptions of Bookafy from the command line.");
  // Declaring all commands is most of the work of a short run; one that is not named cannot be the one.
  declare(app, invocation, [&](std::string_view name) {
    return std::find(arguments.begin(), arguments.end(), name) != arguments.end();
  });
  // `bookafy help create`, as with git, gh and kubectl.
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  SortedArguments sorted = sort_arguments(app, arguments);
  std::reverse(sorted.words.begin(), sorted.words.end());  // the order that CLI11 expects
  const auto fail = [&app](const std::string& message) { fail_usage(current_command(app).get_name(), message); };
  try {
    app.parse(std::move(sorted.words));
  } catch (const CLI::CallForHelp&) {
    const CLI::App& command = current_command(app);
    for (const Definition& one : definitions())
      if (one.name == command.get_name()) return Text{command_help(one, command)};
    return Text{main_help(app)};
  } catch (const CLI::CallForVersion& version) {
    return Text{std::string(version.what()) + "\n"};
  } catch (const CLI::ExtrasError&) {
    fail(unexpected(app));
  } catch (const CLI::ParseError& error) {
    fail(in_plain_words(app, error));
  }
  if (app.get_subcommands().empty()) fail("no command given");
  refuse_unused_options(app, *app.get_subcommands().front());
  if (auto* login = std::get_if<commands::LoginArgs>(&invocation.command))
    login->token_file = invocation.options.token_file;
  if (auto* sandbox = std::get_if<commands::SandboxArgs>(&invocation.command)) {
    if (!sandbox->command.empty())
      fail(fmt::format("unexpected argument {}: a command goes after --", sandbox->command.front()));
    sandbox->command = std::move(sorted.inner_command);
  }
  return invocation;
}

Requested requested_of(const std::vector<std::string>& arguments) {
  Requested found;
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& argument = arguments[i];
    const auto take = [&](const std::string& option, std::optional<std::string>& value) {
      if (argument == option && i + 1 < arguments.size())
        value = arguments[i + 1];
      else if (argument.starts_with(option + "="))
        value = argument.substr(option.size() + 1);
    };
    take("--color", found.color);
    take("--output", found.format);
    take("-o", found.format);
    if (argument.starts_with("-o") && argument.size() > 2) found.format = argument.substr(argument[2] == '=' ? 3 : 2);
  }
  return found;
}

}  // namespace bookafy::cli
