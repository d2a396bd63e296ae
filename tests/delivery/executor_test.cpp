// Commands that hang, and more deliveries than may wait for them.
#include "delivery/executor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catch.hpp"
#include "delivery/delivery_store.hpp"
#include "program/process.hpp"

using namespace bookafy;
using namespace std::chrono_literals;
using delivery::Executor;
using delivery::ExecutorOptions;

namespace {

const system::Environment shell_environment = [] {
  system::Environment environment;
  environment.set("PATH", "/usr/bin:/bin");
  return environment;
}();

ExecutorOptions hanging(const std::string& command) {
  return {.command = command, .environment = shell_environment, .store = {}, .done = {}, .farewell = 0ms};
}

/// A named pipe that tells whether anybody has it open for writing.
class Holders {
 public:
  explicit Holders(std::filesystem::path file) : file_(std::move(file)) {
    mkfifo(file_.c_str(), 0600);
    descriptor_ = open(file_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  Holders(const Holders&) = delete;
  Holders& operator=(const Holders&) = delete;
  ~Holders() { close(descriptor_); }

  /// Waits until somebody has written a byte.
  void wait() const {
    pollfd entry{descriptor_, POLLIN, 0};
    char byte = 0;
    REQUIRE(poll(&entry, 1, 20'000) == 1);
    REQUIRE(read(descriptor_, &byte, 1) == 1);
  }
  /// Whether the last of them goes, if need be after a while.
  bool go() const {
    close(open(file_.c_str(), O_WRONLY | O_CLOEXEC));  // else a pipe that no command opened in time reports no end
    pollfd entry{descriptor_, 0, 0};
    return poll(&entry, 1, 20'000) == 1 && entry.revents == POLLHUP;
  }

 private:
  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace

TEST_CASE("a command that takes too long is ended with all it has started, and the next one has its turn") {
  const program::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  const Holders holders(pipe);
  delivery::Notices notices;
  system::ThreadFailure failure;
  {
    ExecutorOptions options = hanging("exec 3> " + pipe.string() + "; trap '' TERM; sleep 60 & wait; sleep 60");
    options.limit = 1ms;
    options.farewell = 1min;
    Executor executor(std::move(options), notices, failure);
    executor.start();
    for (int i = 0; i < 5; ++i) CHECK(executor.run("body"));
  }
  CHECK(holders.go());
  CHECK(notices.take() == std::deque<std::string>(5, "the command took too long and was ended"));
}

TEST_CASE("what hangs at the end is ended and told of, and stays to be done where it is stored") {
  const program::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  const Holders holders(pipe);
  delivery::Notices notices;
  system::ThreadFailure failure;
  ExecutorOptions options = hanging("exec 3> " + pipe.string() + "; echo >&3; sleep 60");
  SECTION("not stored") {
    {
      Executor executor(std::move(options), notices, failure);
      executor.start();
      for (int i = 0; i < 7; ++i) CHECK(executor.run("body"));
      for (int i = 0; i < 4; ++i) holders.wait();
    }
    CHECK(notices.take() == std::deque<std::string>{"the command of 7 deliveries was not run to its end"});
  }
  SECTION("stored") {
    options.store = (folder.path() / "store").string();
    std::string problem;
    const auto stored = delivery::open_store(options.store);
    stored->begin();
    stored->add(*delivery::read_delivery(R"({"created_at":"t","event":"e","payload":{}})", problem),
                {delivery::Task::exec});
    stored->commit();
    bool done = false;
    options.done = [&](std::int64_t) { done = true; };
    {
      Executor executor(std::move(options), notices, failure);
      executor.start();
      holders.wait();
    }
    CHECK_FALSE(done);
    CHECK(notices.take().empty());
  }
  CHECK(holders.go());
}

TEST_CASE("deliveries that wait for a command are bounded by number and by size") {
  const program::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  const Holders holders(pipe);
  delivery::Notices notices;
  system::ThreadFailure failure;
  Executor executor(hanging("exec 3> " + pipe.string() + "; echo >&3; sleep 60"), notices, failure);
  executor.start();
  const std::string large(std::size_t{5} * 1024 * 1024, 'x');
  for (int i = 0; i < 4; ++i) {
    CHECK(executor.run(std::string(std::size_t{20} * 1024 * 1024, 'x')));
    holders.wait();
  }
  SECTION("by size") {
    for (int i = 0; i < 3; ++i) CHECK(executor.run(large));
    CHECK_FALSE(executor.run(large));
    CHECK(executor.run("small"));
  }
  SECTION("by number") {
    for (int i = 0; i < 1000; ++i) CHECK(executor.run("small"));
    CHECK_FALSE(executor.run("small"));
  }
}
