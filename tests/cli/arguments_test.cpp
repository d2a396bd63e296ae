// What holds for every option and argument of every command, over the table of commands: a new one is covered by
// itself.
#include <algorithm>

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "cli/catalog.hpp"
#include "cli/parser.hpp"

namespace {

using bookafy::cli::CommandEntry;
using bookafy::cli::OptionEntry;
using Words = std::vector<std::string>;

/// The usage error of a command line; empty when it is accepted.
std::string usage_error(const Words& words) {
  const auto error = bookafy::error_of([&] { bookafy::cli::parse(words); });
  if (!error) return {};
  CHECK(error->kind == bookafy::ErrorKind::usage);
  return error->message;
}

/// Calls `use` with each command, and with each option that takes a value there, global ones included.
template <typename Use>
void each_valued_option(const Use& use) {
  const auto catalog = bookafy::cli::catalog();
  for (const CommandEntry& command : catalog.commands)
    for (const auto* options : {&command.options, &catalog.options})
      for (const OptionEntry& option : *options)
        if (!option.value.empty())
          for (const std::string& name : option.names) use(command, option, name);
}

bool is_file_name(const OptionEntry& option) {
  const Words types{"FILE", "BODY_FILE", "CMD", "COMMAND", "HEADER"};
  return std::find(types.begin(), types.end(), option.value) != types.end();
}

}  // namespace

TEST_CASE("no option takes an empty value") {
  int count = 0;
  each_valued_option([&](const CommandEntry& command, const OptionEntry&, const std::string& name) {
    INFO(command.name << " " << name);
    ++count;
    const std::string expected = name + " needs a value";
    CHECK(usage_error({command.name, name, ""}) == expected);
    CHECK(usage_error({command.name, name, " \t"}) == expected);
    CHECK(usage_error({command.name, name + "="}) == expected);
    CHECK(usage_error({command.name, name + "=", "--limit=1"}) == expected);
    CHECK(usage_error({command.name, name}) == expected);
  });
  CHECK(count > 200);
}

TEST_CASE("no global option takes an empty value before the command") {
  for (const OptionEntry& option : bookafy::cli::catalog().options)
    if (!option.value.empty())
      for (const std::string& name : option.names) {
        CHECK(usage_error({name, "", "list"}) == name + " needs a value");
        CHECK(usage_error({name + "=", "list"}) == name + " needs a value");
      }
}

TEST_CASE("no argument is empty") {
  for (const CommandEntry& command : bookafy::cli::catalog().commands)
    for (const OptionEntry& argument : command.arguments) {
      if (command.name == "sandbox") continue;  // a command's arguments are its own
      INFO(command.name);
      Words words{command.name};
      for (const OptionEntry& before : command.arguments) {
        if (&before == &argument) break;
        words.emplace_back("x");
      }
      words.emplace_back("");
      CHECK(usage_error(words) == "argument " + argument.value + " is empty");
      words.insert(words.end() - 1, "--");
      CHECK(usage_error(words) == "argument " + argument.value + " is empty");
    }
}

TEST_CASE("no flag takes an empty value") {
  const auto catalog = bookafy::cli::catalog();
  for (const CommandEntry& command : catalog.commands)
    for (const auto* options : {&command.options, &catalog.options})
      for (const OptionEntry& option : *options)
        if (option.value.empty())
          for (const std::string& name : option.names)
            CHECK(usage_error({command.name, name + "="}) == name + " takes no value");
}

TEST_CASE("only names of files and commands may be other bytes than UTF-8") {
  each_valued_option([&](const CommandEntry& command, const OptionEntry& option, const std::string& name) {
    INFO(command.name << " " << name);
    const std::string expected = name + " is not valid UTF-8";
    for (const std::string bytes : {"a=\xff", "\xc0\xaf", "\xed\xa0\x80"})
      CHECK((usage_error({command.name, name, bytes}) == expected) == !is_file_name(option));
  });
  CHECK(usage_error({"inspect", "users/\xff"}) == "argument RESOURCE is not valid UTF-8");
  CHECK(usage_error({"api", "POST", "/users/\xff"}) == "argument [METHOD] PATH is not valid UTF-8");
}

TEST_CASE("the place of an option does not matter, nor how its value is joined") {
  for (const Words& words : {Words{"list", "--output", "json", "-q"}, Words{"-q", "--output=json", "list"},
                             Words{"list", "-qojson"}, Words{"-qo=json", "list"}, Words{"-o", "json", "list", "-q"}}) {
    const auto invocation = std::get<bookafy::cli::Invocation>(bookafy::cli::parse(words));
    CHECK(invocation.options.output == "json");
    CHECK(invocation.options.quiet);
  }
}

TEST_CASE("after two dashes there are arguments only") {
  for (const Words& words : {Words{"inspect", "a", "b"}, Words{"inspect", "a", "--", "b"},
                             Words{"inspect", "--", "a", "b"}, Words{"--profile", "sandbox", "inspect", "--", "a", "b"},
                             Words{"inspect", "--profile=sandbox", "a", "--", "b"}}) {
    const auto invocation = std::get<bookafy::cli::Invocation>(bookafy::cli::parse(words));
    CHECK(std::get<bookafy::commands::InspectArgs>(invocation.command).resources == Words{"a", "b"});
  }
  const auto dashed =
      std::get<bookafy::cli::Invocation>(bookafy::cli::parse({"inspect", "--", "-x", "--", "--follow"}));
  CHECK(std::get<bookafy::commands::InspectArgs>(dashed.command).resources == Words{"-x", "--", "--follow"});
  const auto sandbox = std::get<bookafy::cli::Invocation>(
      bookafy::cli::parse({"-q", "sandbox", "--latency", "1", "--", "sh", "-c", "", "--", "inspect"}));
  CHECK(std::get<bookafy::commands::SandboxArgs>(sandbox.command).command == Words{"sh", "-c", "", "--", "inspect"});
}
