// Every global option works on a command or is refused by it: all pairs, over the table of commands, on the real
// program.
#include <algorithm>
#include <map>
#include <set>

#include "bookafy/error.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "cli/catalog.hpp"
#include "cli/parser.hpp"
#include "program/process.hpp"

namespace {

using Words = std::vector<std::string>;

/// A command line for each command that fails on nothing but an unusable global option before it sends anything.
const std::map<std::string, std::vector<Words>>& lines() {
  static const Words create{"create", "--url", "https://hooks.example.org/a", "-e", "invitee.created"};
  static const std::map<std::string, std::vector<Words>> lines{
      {"create", {create}},
      {"list", {{"list"}}},
      {"delete", {{"delete", "0123456789abcdef"}}},
      {"inspect", {{"inspect", "me"}}},
      {"replace", {{"replace", "0123456789abcdef"}}},
      {"check", {{"check"}}},
      {"invitees", {{"invitees"}}},
      {"apply", {{"apply", "plan.yaml"}}},
      {"export", {{"export"}}},
      {"listen",
       {{"listen", "--bind", "127.0.0.1:0"},
        {"listen", "--bind", "127.0.0.1:0", "--subscribe", "https://hooks.example.org/a"}}},
      {"trigger", {{"trigger", "invitee.created", "--dry-run"}, {"trigger", "book"}}},
      {"verify", {{"verify", "--signing-key-file", "key", "--signature", "t=1,v1=00", "key"}}},
      {"bookings", {{"bookings", "--store", "none.db"}, {"bookings", "--store", "store.db", "--sync"}}},
      {"deliveries", {{"deliveries", "--store", "none.db"}}},
      {"login", {{"login"}}},
      {"logout", {{"logout"}}},
      {"whoami", {{"whoami"}}},
      {"sandbox", {{"sandbox", "--", "true"}}},
      {"api", {{"api", "users/me"}}},
      {"completion", {{"completion", "bash"}}},
  };
  return lines;
}

/// What an option's effect shows by when it is given this value: an error that names it.
struct Probe {
  std::string value;
  std::string effect;
};

const std::map<std::string, Probe>& probes() {
  static const std::map<std::string, Probe> probes{
      {"--api-url", {"ftp://example.org", "--api-url ftp://example.org"}},
      {"--token-file", {"nowhere", "the token file nowhere"}},
      {"--profile", {"no/such", "profile name no/such"}},
      {"--ca-file", {"nowhere.pem", "the CA file nowhere.pem"}},
  };
  return probes;
}

/// Options whose effect a run cannot show without a server go the way of one that has a probe.
const std::map<std::string, std::string>& companions() {
  static const std::map<std::string, std::string> companions{{"--allow-http", "--api-url"},
                                                             {"--max-retries", "--token-file"},
                                                             {"--max-wait", "--token-file"},
                                                             {"--timeout", "--ca-file"},
                                                             {"--connect-timeout", "--ca-file"}};
  return companions;
}

bool says_refused(const std::string& message, const std::string& option) {
  return message.starts_with(option + " has no effect ") || message.starts_with(option + " requires ");
}

/// By the parser alone.
bool is_refused(Words words, const std::string& option, const std::string& value) {
  words.push_back(option);
  if (!value.empty()) words.push_back(value);
  // What follows "--" is the command of a sandbox.
  std::rotate(words.begin() + 1, words.end() - (value.empty() ? 1 : 2), words.end());
  const auto error = bookafy::error_of([&] { bookafy::cli::parse(words); });
  return error && says_refused(error->message, option);
}

}  // namespace

TEST_CASE("a global option works on a command or is refused by it") {
  const program::TemporaryFolder folder;
  folder.write("key", "some-key");
  folder.write("plan.yaml", "subscriptions:\n  - url: https://hooks.example.org/a\n    events: [invitee.created]\n");
  for (const auto& command : bookafy::cli::catalog().commands) {
    REQUIRE(lines().count(command.name) == 1);
    for (const Words& line : lines().at(command.name))
      for (const auto& [option, probe] : probes()) {
        program::Command run;
        run.argv = {built::program, option, probe.value};
        run.argv.insert(run.argv.end(), line.begin(), line.end());
        run.environment = program::poisoned_environment(folder.path() / "home");
        run.environment["BOOKAFY_TOKEN"] = "some-token";
        run.input = "some-token\n";
        run.folder = folder.path();
        const auto outcome = program::run(run);
        INFO(option << " on " << line.front() << "\n" << outcome.err);
        CHECK((outcome.status == 2 || outcome.status == 3));
        const std::string message =
            outcome.err.substr(std::min(outcome.err.size(), std::string("bookafy: error: ").size()));
        CHECK((says_refused(message, option) || program::has(outcome.err, probe.effect)));
        CHECK(says_refused(message, option) == is_refused(line, option, probe.value));
      }
  }
}

TEST_CASE("every global option has a probe, a companion, or a meaning for every command") {
  const std::set<std::string> for_all{"--output",   "--color",   "--quiet", "--verbose",
                                      "--no-input", "--version", "--help"};
  const std::set<std::string> of_results{"--fields", "--curl", "--no-header"};
  for (const auto& option : bookafy::cli::catalog().options) {
    const std::string name = option.names.back();
    INFO(name);
    CHECK(probes().count(name) + companions().count(name) + for_all.count(name) + of_results.count(name) == 1);
    const auto companion = companions().find(name);
    if (companion == companions().end()) continue;
    for (const auto& [command, all] : lines())
      for (const Words& line : all) {
        INFO(command);
        CHECK(is_refused(line, name, option.value.empty() ? "" : "1") == is_refused(line, companion->second, "x"));
      }
  }
}

TEST_CASE("commands without rows refuse what is about rows, and those that send nothing refuse --curl") {
  for (const std::string command : {"verify", "login", "logout", "sandbox", "completion"})
    for (const Words& line : lines().at(command)) {
      INFO(command);
      CHECK(is_refused(line, "--fields", "uri"));
      for (const std::string format : {"csv", "tsv", "uri"}) {
        Words words{"-o", format};
        words.insert(words.end(), line.begin(), line.end());
        const auto error = bookafy::error_of([&] { bookafy::cli::parse(words); });
        CHECK((error && says_refused(error->message, "--output " + format)));
      }
      for (const std::string format : {"table", "json", "jsonl"}) CHECK_FALSE(is_refused(line, "--output", format));
      CHECK(is_refused(line, "--curl", ""));
    }
  for (const std::string command : {"bookings", "deliveries", "listen"})
    for (const Words& line : lines().at(command)) CHECK(is_refused(line, "--curl", ""));
}
