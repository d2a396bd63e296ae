// The README's commands work as they stand: every ```sh block, in order, in one shell inside a sandbox.
#include <fstream>

#include "catch.hpp"
#include "program/process.hpp"

namespace {

std::string shell_blocks(const std::string& path) {
  std::ifstream text(path);
  std::string script;
  bool within = false;
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("```", 0) == 0) {
      within = !within && line == "```sh";
    } else if (within) {
      script += line + "\n";
    }
  }
  return script;
}

}  // namespace

TEST_CASE("the commands in the README do what they say") {
  const std::string script = shell_blocks(std::string(BOOKAFY_SOURCE_DIR) + "/README.md");
  REQUIRE(script.find("bookafy create") != std::string::npos);
  const program::TemporaryFolder folder;
  program::Command command;
  command.argv = {BOOKAFY_PROGRAM, "sandbox", "--", "bash", "-euxo", "pipefail", "-c", script};
  command.environment = program::poisoned_environment(folder.path() / "home");
  command.folder = folder.path();
  const auto outcome = program::run(command);
  INFO("-- stdout\n" << outcome.out << "\n-- stderr\n" << outcome.err);
  CHECK(outcome.status == 0);
}
