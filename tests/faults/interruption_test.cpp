// Ctrl-C and SIGTERM while a request is under way: the status tells, and so does the account.
#include <signal.h>

#include <fstream>

#include "built.hpp"
#include "catch.hpp"
#include "faults/server.hpp"
#include "program/process.hpp"

namespace {

/// Runs the program against a server that sends it a signal instead of an answer to the n-th request.
program::Outcome interrupted(int signal, const std::vector<std::string>& arguments) {
  const program::TemporaryFolder folder;
  const std::string pid_file = (folder.path() / "pid").string();
  const faults::Server server([&](faults::Socket& connection, int) {
    connection.receive();
    pid_t process = 0;
    std::ifstream(pid_file) >> process;
    if (process > 0) kill(process, signal);
    faults::outlast(connection);
  });
  auto environment = program::poisoned_environment(folder.path());
  environment["BOOKAFY_TOKEN"] = "token-to-hide";
  environment["BOOKAFY_API_URL"] = server.url();
  program::Command command{
      {"/bin/sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", pid_file, built::program}, environment, "", "/"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return program::run(command);
}

}  // namespace

TEST_CASE("a signal ends the program with its status and a true account") {
  struct Row {
    std::vector<std::string> arguments;
    std::string account;
  };
  const std::vector<Row> rows{
      {{"inspect", "me"}, ""},
      {{"list", "--scope", "organization", "--organization", "o"}, ""},
      {{"create", "--url", "https://hooks.test/a", "-e", "invitee.created", "--organization", "o", "--user", "u"},
       "may have been made"},
      {{"delete", "s1"}, "the delete of s1 was under way: it may be gone"},
      {{"delete", "s1", "s2", "s3"}, "the deletes of 3 subscriptions, s1 and after, were under way"},
  };
  for (const int signal : {SIGINT, SIGTERM}) {
    for (const auto& row : rows) {
      INFO(signal << " during " << row.arguments.front());
      const auto outcome = interrupted(signal, row.arguments);
      INFO(outcome.err);
      CHECK(!outcome.timed_out);
      CHECK(outcome.status == 128 + signal);
      CHECK(outcome.out.empty());
      CHECK(outcome.err.find(row.account) != std::string::npos);
      CHECK(outcome.err.empty() == row.account.empty());
    }
  }
}
