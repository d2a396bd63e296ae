// Man pages, completion and README tell of everything that the program has, and of nothing else.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "bookafy/error.hpp"
#include "bookafy/event.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "cli/catalog.hpp"
#include "cli/completion.hpp"
#include "commands/trigger_sandbox.hpp"
#include "program/process.hpp"
#include "rules/source_files.hpp"

namespace {

using bookafy::cli::CommandEntry;
using bookafy::cli::OptionEntry;
using Names = std::set<std::string>;

std::string read(const std::string& path) {
  std::ifstream file(built::source_dir + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::map<std::string, std::string> pages() {
  std::map<std::string, std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(built::source_dir + "/man"))
    pages[entry.path().filename()] = read("man/" + entry.path().filename().string());
  return pages;
}

/// The first group of every match.
Names matches(const std::string& text, const std::string& pattern) {
  const std::regex wanted(pattern, std::regex::ECMAScript | std::regex::multiline);
  Names found;
  for (std::sregex_iterator match(text.begin(), text.end(), wanted), end; match != end; ++match)
    found.insert((*match)[1]);
  return found;
}

Names names_of(const std::vector<OptionEntry>& options) {
  Names names;
  for (const auto& option : options) names.insert(option.names.begin(), option.names.end());
  return names;
}

/// Every option of any command.
Names all_names(const bookafy::cli::Catalog& catalog) {
  Names names = names_of(catalog.options);
  for (const auto& command : catalog.commands) names.merge(names_of(command.options));
  return names;
}

/// `--scope SCOPE`, a line for each name, as the list of options has them.
Names signatures_of(const std::vector<OptionEntry>& options) {
  Names signatures;
  for (const auto& option : options)
    for (const auto& name : option.names) signatures.insert(name + (option.value.empty() ? "" : " " + option.value));
  return signatures;
}

/// The same from a page: `.It Fl e , Fl -event Ar EVENT`.
Names documented_signatures(const std::string& page) {
  Names signatures;
  for (const auto& item : matches(page, R"(^\.It (Fl .*)$)")) {
    const auto value = matches(item, " Ar (.*)$");
    for (const auto& name : matches(item, R"(Fl ([^ ]+))"))
      signatures.insert("-" + name + (value.empty() ? "" : " " + *value.begin()));
  }
  return signatures;
}

std::string section(const std::string& page, const std::string& title) {
  const auto begin = page.find("\n.Sh " + title + "\n");
  REQUIRE(begin != std::string::npos);
  return page.substr(begin, page.find("\n.Sh ", begin + 1) - begin);
}

std::vector<bookafy::ErrorKind> all_kinds() {
  std::vector<bookafy::ErrorKind> kinds;
  try {
    for (int kind = 0;; ++kind) {
      bookafy::exit_code(static_cast<bookafy::ErrorKind>(kind));
      kinds.push_back(static_cast<bookafy::ErrorKind>(kind));
    }
  } catch (const std::out_of_range&) {
    return kinds;
  }
}

Names exit_statuses() {
  Names statuses{"0", "129", "130", "143"};
  for (const auto kind : all_kinds()) statuses.insert(std::to_string(bookafy::exit_code(kind)));
  return statuses;
}

bookafy::commands::CompleteArgs completed(const std::vector<std::string>& words) {
  return std::get<bookafy::commands::CompleteArgs>(bookafy::cli::complete(words).command);
}

Names texts(const bookafy::commands::CompleteArgs& offered) {
  Names names;
  for (const auto& candidate : offered.candidates) names.insert(candidate.text);
  return names;
}

}  // namespace

TEST_CASE("the man pages are clean") {
  program::Command lint;
  lint.argv = {"mandoc", "-Tlint", "-W", "style"};
  for (const auto& [name, page] : pages()) lint.argv.push_back(built::source_dir + "/man/" + name);
  std::string complaints;
  std::istringstream lines(program::run(lint).out);
  for (std::string line; std::getline(lines, line);)  // whether the pages are installed here is not the question
    if (line.find("referenced manual not found") == std::string::npos) complaints += line + "\n";
  CHECK(complaints == "");
  for (const auto& [name, page] : pages()) {
    for (const auto& other : matches(page, R"(^\.Xr ([^ ]+ \d))")) {
      INFO(name << " refers to " << other);
      CHECK(pages().count(std::regex_replace(other, std::regex(" "), ".")) == 1);
    }
  }
}

TEST_CASE("every command has a man page, and every man page a command") {
  Names wanted{"bookafy.1", "bookafy-files.5"};
  for (const auto& command : bookafy::cli::catalog().commands) wanted.insert("bookafy-" + command.name + ".1");
  Names found;
  for (const auto& [name, page] : pages()) found.insert(name);
  CHECK(found == wanted);
  Names listed;
  for (const auto& command : bookafy::cli::catalog().commands) listed.insert(command.name);
  CHECK(matches(read("man/bookafy.1"), R"(^\.It Cm ([a-z]+)$)") == listed);
}

TEST_CASE("every option stands in its man page, and nothing else does") {
  const auto catalog = bookafy::cli::catalog();
  CHECK(documented_signatures(read("man/bookafy.1")) == signatures_of(catalog.options));
  for (const auto& command : catalog.commands) {
    INFO(command.name);
    const std::string page = read("man/bookafy-" + command.name + ".1");
    CHECK(documented_signatures(page) == signatures_of(command.options));
    const std::string synopsis = section(page, "SYNOPSIS");
    Names in_synopsis;
    for (const auto& name : matches(synopsis, R"(Fl (-[a-z][^ \n]*))")) in_synopsis.insert("-" + name);
    Names long_names;  // one is enough for an option that has several
    for (const auto& option : command.options)
      for (const auto& name : option.names)
        if (name.rfind("--", 0) == 0) {
          long_names.insert(name);
          break;
        }
    CHECK(in_synopsis == long_names);
    for (const auto& argument : command.arguments) {
      INFO(argument.value);
      CHECK((!argument.choices.empty() ||
             !matches(synopsis, "Ar (" + argument.value.substr(argument.value.rfind(' ') + 1) + ")").empty()));
    }
    for (const auto* options : {&command.options, &command.arguments})
      for (const auto& option : *options)
        for (const auto& choice : option.choices) CHECK_FALSE(matches(page, "(\\b" + choice + "\\b)").empty());
  }
}

TEST_CASE("no page speaks of an option that no command has") {
  const auto known = all_names(bookafy::cli::catalog());
  for (const auto& [name, page] : pages()) {
    Names spoken;
    for (const auto& option : matches(page, R"(Fl (-?[a-z][a-z-]*))")) spoken.insert("-" + option);
    spoken.merge(matches(page, R"((?:^|\s)(--[a-z][a-z-]+))"));
    for (const auto& option : spoken) {
      INFO(name << ": " << option);
      CHECK(known.count(option) == 1);
    }
  }
  std::istringstream lines(read("README.md"));
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find("bookafy ");
    if (begin == std::string::npos || line.find("cmake") != std::string::npos) continue;
    for (const auto& option : matches(line.substr(begin), R"([\s`](--[a-z][a-z-]+))")) {
      INFO("README.md: " << line);
      CHECK(known.count(option) == 1);
    }
  }
}

TEST_CASE("every event stands in the page of create, and every command in the README") {
  const std::string page = read("man/bookafy-create.1");
  Names events;
  for (const auto& event : bookafy::known_events()) events.insert(std::string(event.name));
  CHECK(matches(page, R"(^\.Cm ([a-z_]+\.[a-z]+)( ,)?$)") == events);
  Names commands;
  for (const auto& command : bookafy::cli::catalog().commands) commands.insert(command.name);
  CHECK(matches(read("README.md"), R"(^\| `([a-z]+)` \|)") == commands);
}

TEST_CASE("every exit status is told, by number and kind") {
  const std::string told = section(read("man/bookafy.1"), "EXIT STATUS");
  auto numbers = matches(told, R"(^\.It (\d+))");
  numbers.merge(matches(told, R"( , (\d+))"));
  CHECK(numbers == exit_statuses());
  Names kinds;
  for (const auto kind : all_kinds()) kinds.insert(std::string(to_string(kind)));
  CHECK(matches(told, R"(^\.Pq Cm ([a-z_]+))") == kinds);
  const auto in_readme = matches(read("README.md"), R"((?:^\| |, )(\d+)(?=(?:, \d+)* \|))");
  CHECK(in_readme == exit_statuses());
}

TEST_CASE("every environment variable stands in the manual, and nothing else does") {
  Names read_by_program;
  for (const auto& file : rules::source_files("src")) {
    for (const auto& line : file.lines) {
      read_by_program.merge(matches(line, R"RE(\b(?:get|folder)\("([A-Z][A-Z_]+)"\))RE"));
      read_by_program.merge(matches(line, R"RE("(BOOKAFY_[A-Z_]+)")RE"));
    }
  }
  Names told;
  for (const auto& item : matches(section(read("man/bookafy.1"), "ENVIRONMENT"), R"(^\.It (Ev .*)$)"))
    told.merge(matches(item, R"(Ev ([A-Z_]+))"));
  CHECK(told == read_by_program);
}

TEST_CASE("completion offers every command and option, and nothing else") {
  const auto catalog = bookafy::cli::catalog();
  Names commands{"help"};
  for (const auto& command : catalog.commands) commands.insert(command.name);
  CHECK(texts(completed({""})) == commands);
  CHECK(texts(completed({"-"})) == names_of(catalog.options));
  for (const auto& command : catalog.commands) {
    INFO(command.name);
    Names wanted = names_of(command.options);
    wanted.merge(names_of(catalog.options));
    CHECK(texts(completed({command.name, "-"})) == wanted);
  }
}

TEST_CASE("completion knows every type of value, or it is free text") {
  const Names free{"ADDRESS", "MEETING", "URL", "PUBLIC_URL", "GLOB",   "ORG",       "USER",     "GROUP",
                   "N",       "S",       "MS",  "SIZE",       "HEADER", "ADDR:PORT", "KEY=VALUE"};
  using Args = bookafy::commands::CompleteArgs;
  const auto catalog = bookafy::cli::catalog();
  const auto check = [&](const OptionEntry& option, std::vector<std::string> words) {
    words.emplace_back("");
    const Args offered = completed(words);
    INFO(words.front() << " " << option.value);
    const bool knows =
        !offered.candidates.empty() || offered.live != Args::Live::nothing || offered.rest != Args::Rest::nothing;
    CHECK(knows == (free.count(option.value) == 0));
    if (!option.choices.empty()) {
      CHECK(texts(offered) == Names(option.choices.begin(), option.choices.end()));
    }
  };
  for (const auto& command : catalog.commands) {
    for (const auto& option : command.options)
      if (!option.value.empty()) check(option, {command.name, option.names.back()});
    if (!command.arguments.empty()) check(command.arguments.front(), {command.name, "--"});
  }
  for (const auto& option : catalog.options)
    if (!option.value.empty()) check(option, {"list", option.names.back()});
}

TEST_CASE("completion offers the events that the scope allows") {
  for (const auto scope : bookafy::all_scopes) {
    Names wanted;
    for (const auto& event : bookafy::known_events())
      if (allows(event, scope)) wanted.insert(std::string(event.name));
    CHECK(texts(completed({"create", "--scope", std::string(to_string(scope)), "--event", ""})) == wanted);
    CHECK(texts(completed({"create", "--scope=" + std::string(to_string(scope)), "-e", ""})) == wanted);
  }
  CHECK(texts(completed({"list", "--event", ""})).size() == bookafy::known_events().size());
}

TEST_CASE("the help names every value that an option takes") {
  const auto catalog = bookafy::cli::catalog();
  const auto check = [](const std::vector<OptionEntry>& options) {
    for (const auto& option : options)
      for (const auto& choice : option.choices) {
        INFO((option.names.empty() ? option.value : option.names.back()) << ": " << choice);
        CHECK(option.description.find(choice) != std::string::npos);
      }
  };
  check(catalog.options);
  for (const auto& command : catalog.commands) {
    INFO(command.name);
    check(command.options);
    check(command.arguments);
  }
}

TEST_CASE("completion of trigger offers the events and what can be made to happen") {
  const auto offered = texts(completed({"trigger", ""}));
  CHECK(offered.size() == bookafy::known_events().size() + bookafy::commands::known_happenings().size());
  CHECK(offered.count("reschedule") == 1);
  CHECK(offered.count("invitee.created") == 1);
  CHECK(texts(completed({"trigger", "cancel", ""})).empty());
  const std::string page = read("man/bookafy-trigger.1");
  for (const auto& happening : bookafy::commands::known_happenings())
    CHECK(page.find("Cm " + std::string(happening.word)) != std::string::npos);
}
