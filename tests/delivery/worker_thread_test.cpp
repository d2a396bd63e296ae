// An exception in a thread is reported by the thread that waits for it.
#include "system/worker_thread.hpp"

#include <poll.h>

#include <stdexcept>

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "delivery/relay.hpp"

using namespace bookafy;
using namespace std::chrono_literals;

namespace {

bool is_readable(int descriptor) {
  pollfd entry{descriptor, POLLIN, 0};
  return poll(&entry, 1, 20'000) == 1;
}

/// What it throws, as the error's message.
std::string message_of(const system::ThreadFailure& failure) {
  try {
    failure.rethrow();
  } catch (const Error& error) {
    return error.message;
  }
  return {};
}

/// A transport whose wait fails.
class Broken final : public http::Transport {
 public:
  void start(std::uint64_t, http::Request) override {}
  std::vector<http::Completed> wait(Deadline) override { throw std::runtime_error("it is broken"); }
};

}  // namespace

TEST_CASE("the first exception of a thread is kept, with the thread's name") {
  system::ThreadFailure failure;
  CHECK_FALSE(failure.is_set());
  failure.rethrow();
  system::WorkerThread first, second;
  first.start("counting", failure, [] { throw std::runtime_error("too many"); });
  first.join();
  second.start("sorting", failure, [] { throw 1; });
  second.join();
  CHECK(is_readable(failure.descriptor()));
  CHECK(failure.is_set());
  CHECK(message_of(failure) == "counting failed: too many");
}

TEST_CASE("an exception while forwarding ends the thread, not the process") {
  delivery::Notices notices;
  system::ThreadFailure failure;
  delivery::Relay relay({.url = "http://127.0.0.1:1/",
                         .transport = [](const system::Wake&) { return std::make_unique<Broken>(); },
                         .taken = {}},
                        notices, failure);
  relay.start();
  CHECK(is_readable(failure.descriptor()));
  relay.stop();
  CHECK(message_of(failure) == "forwarding deliveries failed: it is broken");
}
