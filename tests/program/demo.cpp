#include "built.hpp"
#include "catch.hpp"
#include "program/process.hpp"

TEST_CASE("the demonstration ends by itself and well") {
  const program::TemporaryFolder folder;
  program::Command command;
  command.argv = {built::program, "sandbox", "--", built::source_dir + "/tests/demo.sh"};
  command.environment = program::poisoned_environment(folder.path());
  command.folder = folder.path();
  const auto outcome = program::run(command);
  INFO("-- stdout\n" << outcome.out << "\n-- stderr\n" << outcome.err);
  CHECK(outcome.status == 0);
  for (const char* shown :
       {"$ bookafy whoami", "$ bookafy create", "$ bookafy list", "$ bookafy inspect", "$ bookafy delete", "hint:"}) {
    INFO(shown);
    CHECK((outcome.out + outcome.err).find(shown) != std::string::npos);
  }
}
