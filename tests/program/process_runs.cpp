// The harness itself: what it reports is what happened.
#include <csignal>

#include "catch.hpp"
#include "program/process.hpp"

using program::Command;
using program::run;

TEST_CASE("a process is fed, heard and judged") {
  const auto outcome = run(Command{{"sh", "-c", "cat; echo wrong >&2; exit 7"}, {{"PATH", "/usr/bin:/bin"}}, "fed"});
  CHECK(outcome.out == "fed");
  CHECK(outcome.err == "wrong\n");
  CHECK(outcome.status == 7);
}

TEST_CASE("much text in both directions does not block") {
  const std::string much(3'000'000, 'x');
  CHECK(run(Command{{"cat"}, {}, much}).out == much);
  CHECK(run(Command{{"true"}, {}, much}).status == 0);
}

TEST_CASE("a process that does not end is killed with its children") {
  Command command{{"sh", "-c", "sleep 1000 & sleep 1000"}, {{"PATH", "/usr/bin:/bin"}}, ""};
  command.limit = std::chrono::seconds(1);
  const auto outcome = run(command);
  CHECK(outcome.timed_out);
  CHECK(outcome.status == 128 + SIGKILL);
}

TEST_CASE("nothing of the outside environment leaks in") {
  const program::TemporaryFolder folder;
  setenv("BOOKAFY_TOKEN", "leaked", 1);
  const auto outcome = run(Command{{"env"}, program::poisoned_environment(folder.path()), ""});
  unsetenv("BOOKAFY_TOKEN");
  CHECK(outcome.out.find("leaked") == std::string::npos);
  CHECK(outcome.out.find("HOME=" + folder.path().string() + "\n") != std::string::npos);
}
