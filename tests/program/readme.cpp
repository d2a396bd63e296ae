// The README's commands work as they stand: every ```sh block and what the ```yaml blocks of CI jobs run, in order, in
// one shell inside a sandbox.
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
    if (within && language == "```yaml") script += commands_of_job(YAML::Load(block));
    within = !within;
    language = line;
    block.clear();
  }
  return script;
}

}  // namespace

TEST_CASE("the commands in the README do what they say") {
  const std::string script = commands_in(built::source_dir + "/README.md");
  REQUIRE(script.find("bookafy create") != std::string::npos);
  const auto first_apply = script.find("bookafy apply");
  REQUIRE(first_apply != script.rfind("bookafy apply"));
  const program::TemporaryFolder folder;
  program::Command command;
  command.argv = {built::program, "sandbox", "--", "bash", "-euxo", "pipefail", "-c", script};
  command.environment = program::poisoned_environment(folder.path() / "home");
  command.folder = folder.path();
  const auto outcome = program::run(command);
  INFO("-- stdout\n" << outcome.out << "\n-- stderr\n" << outcome.err);
  CHECK(outcome.status == 0);
}
