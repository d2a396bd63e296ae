// Standard streams that are full, closed or broken off.
#include "built.hpp"
#include "catch.hpp"
#include "program/process.hpp"

using program::has;

namespace {

/// A line of bash inside a sandbox.
program::Outcome shell(const std::string& line) {
  const program::TemporaryFolder folder;
  program::Command command;
  command.argv = {built::program, "sandbox", "--", "bash", "-c", line};
  command.environment = program::poisoned_environment(folder.path());
  command.folder = folder.path();
  return program::run(command);
}

}  // namespace

TEST_CASE("results that cannot be written are a failure") {
  for (const char* command :
       {"--version", "--help", "completion bash", "whoami", "list -o csv", "inspect me -o json"}) {
    for (const char* redirection : {" >/dev/full", " >&-", " <&- >&-"}) {
      const auto outcome = shell("bookafy " + std::string(command) + redirection);
      INFO(command << redirection << ": " << outcome.err);
      CHECK(outcome.status == 1);
      CHECK(has(outcome.err, "cannot write to standard output"));
    }
  }
}

TEST_CASE("a closed standard input is no input, and no other file of the program") {
  const auto outcome = shell("bookafy inspect - <&-");
  INFO(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(has(outcome.err, "cannot read standard input"));
  CHECK(has(outcome.err, "Bad file descriptor"));
  CHECK(shell("bookafy whoami <&-").status == 0);
}

TEST_CASE("nobody who listens to complaints is no failure") {
  CHECK(shell("bookafy whoami 2>&-").status == 0);
  CHECK(shell("bookafy whoami -v <&- 2>&- | grep -c name").out == "1\n");
  CHECK(shell("bookafy frobnicate 2>/dev/full").status == 2);
}

TEST_CASE("a reader that has seen enough is no failure") {
  const auto outcome = shell("bookafy inspect me -o json | head -1; echo ${PIPESTATUS[0]}");
  CHECK(outcome.out == "{\n0\n");
  CHECK(outcome.err.empty());
}

TEST_CASE("a row is written before further input is waited for") {
  const auto outcome = shell(
      "{ echo me; until [ -s shown ]; do :; done; echo users/none; } | bookafy inspect - -o jsonl --fields name "
      ">shown");
  INFO(outcome.err);
  CHECK_FALSE(outcome.timed_out);
  CHECK(outcome.status == 10);
}
