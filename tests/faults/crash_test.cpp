// What a crash leaves behind, and what others of the same user see of the process while it runs.
#include <signal.h>
#include <unistd.h>

#include <future>

#include "built.hpp"
#include "catch.hpp"
#include "faults/server.hpp"
#include "program/running.hpp"

// The sanitizers handle crashes themselves, and have to look into their own process.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

using program::has;

namespace {

/// The command as somebody who is not root: root may look into every process.
std::vector<std::string> unprivileged(std::vector<std::string> argv) {
  if (getuid() == 0) argv.insert(argv.begin(), {"setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all"});
  return argv;
}

program::Outcome run(const std::vector<std::string>& argv) {
  return program::run({argv, {{"PATH", "/usr/bin:/bin"}}, "", "/"});
}

/// The program, asking a server that does not answer.
class Asking {
 public:
  Asking(const std::vector<std::string>& argv, const std::filesystem::path& folder) : program(command(argv, folder)) {
    came_.get_future().wait();
  }

 private:
  program::Command command(const std::vector<std::string>& argv, const std::filesystem::path& folder) const {
    program::Command made{argv, program::poisoned_environment(home_.path()), "", folder};
    made.environment["BOOKAFY_TOKEN"] = "token-to-hide";
    made.environment["BOOKAFY_API_URL"] = server_.url();
    return made;
  }

  program::TemporaryFolder home_;
  std::promise<void> came_;
  faults::Server server_{[this](faults::Socket& connection, int) {
    connection.receive();
    came_.set_value();
    faults::outlast(connection);
  }};

 public:
  program::Running program;
};

}  // namespace

TEST_CASE("a crash leaves no core and says nothing of the token") {
  const std::string unlimited = "ulimit -c unlimited && ";
  if (!run({"/bin/sh", "-c", unlimited + "kill -SEGV $$"}).dumped) WARN("nothing leaves a core on this system");
  for (const int signal : {SIGSEGV, SIGABRT, SIGQUIT}) {
    INFO(signal);
    const program::TemporaryFolder folder;
    Asking asking({"/bin/sh", "-c", unlimited + "exec \"$0\" inspect me", built::program}, folder.path());
    asking.program.send(signal);
    CHECK(asking.program.wait() == 128 + signal);
    CHECK_FALSE(asking.program.dumped());
    CHECK(std::filesystem::is_empty(folder.path()));
    CHECK(asking.program.errors().empty());
  }
}

TEST_CASE("others of the same user cannot read the process's environment and memory") {
  if (run(unprivileged({built::program, "--version"})).status != 0) {
    WARN("nobody but root can run the program here");
    return;
  }
  Asking asking(unprivileged({built::program, "inspect", "me"}), "/");
  const std::string process = "/proc/" + std::to_string(asking.program.process());
  for (const std::string file : {"/environ", "/maps", "/mem"}) {
    INFO(file);
    const auto read = run(unprivileged({"head", "-c", "100000", process + file}));
    CHECK(read.status != 0);
    CHECK(has(read.err, "denied"));
    CHECK(read.out.empty());
  }
}

#else

TEST_CASE("a crash leaves nothing behind") { WARN("skipped: sanitizers have their own way with crashes"); }

#endif
