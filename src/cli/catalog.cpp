#include "cli/catalog.hpp"

#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

OptionEntry entry(CLI::Option& option) {
  OptionEntry entry;
  for (const std::string& name : option.get_snames()) entry.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
  if (option.get_type_size() > 0) entry.value = option.get_type_name();
  entry.description = option.get_description();
  entry.choices = choices_of(option);
  return entry;
}

bool is_help(const CLI::Option& option) { return option.check_lname("help"); }

}  // namespace

Catalog catalog() {
  Invocation invocation;
  CLI::App app;
  declare(app, invocation, [](std::string_view) { return true; });
  Catalog catalog;
  for (CLI::Option* option : app.get_options({})) catalog.options.push_back(entry(*option));
  for (CLI::App* sub : app.get_subcommands({})) {
    CommandEntry command{.name = sub->get_name(), .summary = sub->get_description()};
    for (CLI::Option* option : sub->get_options({}))
      if (!is_help(*option)) (option->get_positional() ? command.arguments : command.options).push_back(entry(*option));
    catalog.commands.push_back(std::move(command));
  }
  return catalog;
}

}  // namespace bookafy::cli
