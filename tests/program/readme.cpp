// The README's commands work as they stand: every ```sh block and what the ```yaml blocks are for, in order, in one
// shell inside a sandbox; what follows a prompt, in another, with something of the sandbox's for the reader's own.
#include <yaml-cpp/yaml.h>

#include <fstream>

#include "built.hpp"
#include "catch.hpp"
#include "program/process.hpp"

namespace {

/// What a GitHub workflow has under `run`, and a GitLab job under `script`.
std::string commands_of_job(const YAML::Node& node) {
  std::string commands;
  for (const auto& entry : node) {
    const YAML::Node value = node.IsMap() ? entry.second : entry;
    const auto key = node.IsMap() ? entry.first.as<std::string>() : "";
    if (key == "run") {
      commands += value.as<std::string>() + "\n";
    } else if (key == "script") {
      for (const auto& line : value) commands += line.as<std::string>() + "\n";
    } else {
      commands += commands_of_job(value);
    }
  }
  return commands;
}

/// What a ```yaml block is there for: a CI job runs its commands, and a file of wishes is one that apply takes.
std::string commands_of_yaml(const std::string& block) {
  const YAML::Node node = YAML::Load(block);
  if (!node["subscriptions"]) return commands_of_job(node);
  return "BOOKAFY_SIGNING_KEY=bk_demo_signing_key_0001 bookafy apply - --dry-run <<'END'\n" + block + "END\n";
}

std::string commands_in(const std::string& path) {
  std::ifstream text(path);
  std::string script;
  std::string block;
  std::string language;
  bool within = false;
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("```", 0) != 0) {
      block += line + "\n";
      continue;
    }
    if (within && language == "```sh") script += block;
    if (within && language == "```yaml") script += commands_of_yaml(block);
    within = !within;
    language = line;
    block.clear();
  }
  return script;
}

/// The lines after a prompt, those that go on in the next line whole.
std::vector<std::string> prompted_commands(const std::string& path) {
  std::ifstream text(path);
  std::vector<std::string> commands;
  bool continued = false;
  for (std::string line; std::getline(text, line);) {
    if (continued)
      commands.back() += "\n" + line;
    else if (line.rfind("$ ", 0) == 0)
      commands.push_back(line.substr(2));
    else
      continue;
    continued = line.ends_with('\\');
  }
  return commands;
}

/// What stands for something of the reader's own, and what does in a fresh sandbox.
const std::vector<std::pair<std::string, std::string>> stand_ins{
    {"https://api.bookafy.com/scheduled_events/…/invitees/…",
     "https://api.bookafy.com/scheduled_events/6fa459ea-ee8a-4ca4-894e-db77e160355e/invitees/"
     "16fd2706-8baf-433b-82eb-8c7fada847da"},
    {"7c9e6679-7425-40de-944b-e07fc1f90ae7", "$(bookafy list --url 'https://hooks.example.org/bookafy' --output uri)"},
    {"BOOKAFY_TOKEN=…", "BOOKAFY_TOKEN=sandbox-member"},
    {"sandbox -- bash", "sandbox -- bash -c 'bookafy whoami'"},
};

std::string with_stand_ins(std::string command) {
  for (const auto& [text, own] : stand_ins)
    if (const auto at = command.find(text); at != std::string::npos) command.replace(at, text.size(), own);
  return command;
}

program::Outcome run_in_sandbox(const std::string& script) {
  const program::TemporaryFolder folder;
  program::Command command;
  command.argv = {built::program, "sandbox", "--", "bash", "-euxo", "pipefail", "-c", script};
  command.environment = program::poisoned_environment(folder.path() / "home");
  command.folder = folder.path();
  return program::run(command);
}

const std::string readme = std::string(built::source_dir) + "/README.md";

}  // namespace

TEST_CASE("the commands in the README do what they say") {
  const std::string script = commands_in(readme);
  REQUIRE(script.find("bookafy create") != std::string::npos);
  const auto first_apply = script.find("bookafy apply");
  REQUIRE(first_apply != script.rfind("bookafy apply"));
  const auto outcome = run_in_sandbox(script);
  INFO("-- stdout\n" << outcome.out << "\n-- stderr\n" << outcome.err);
  CHECK(outcome.status == 0);
}

TEST_CASE("the commands after a prompt in the README work, too") {
  std::string script = "mkdir -p ~; echo sandbox-owner > ~/.bookafy-token\n";
  int commands = 0;
  for (const auto& command : prompted_commands(readme)) {
    const bool builds = command.rfind("./dev ", 0) == 0 || command.rfind("sudo ", 0) == 0;
    if (!builds) script += with_stand_ins(command) + "\n";
    commands += builds ? 0 : 1;
  }
  REQUIRE(commands >= 10);
  CHECK(script.find("…") == std::string::npos);
  const auto outcome = run_in_sandbox(script);
  INFO("-- stdout\n" << outcome.out << "\n-- stderr\n" << outcome.err);
  CHECK(outcome.status == 0);
}
