// Being asked to stop: once, twice, or by a signal that is ignored.
#include <atomic>
#include <future>

#include "built.hpp"
#include "catch.hpp"
#include "program/parallel_target.hpp"
#include "program/running.hpp"

using faults::Socket;
using program::Caller;
using program::has;
using program::Listener;
using program::Running;
using program::TemporaryFolder;

namespace {

const std::string some_delivery = R"({"created_at":"t","event":"e","payload":{}})";

/// A listener that a shell starts after some commands of its own.
struct FromShell {
  FromShell(const TemporaryFolder& home, const std::string& before, const std::string& options)
      : running({{"sh", "-c", before + "; exec bookafy listen --bind 127.0.0.1:0 " + options},
                 program::poisoned_environment(home.path()),
                 "",
                 home.path()}) {
    const std::string said = running.wait_for_error("listening on http://127.0.0.1:");
    port = std::stoi(said.substr(said.find("127.0.0.1:") + 10));
  }
  Running running;
  int port = 0;
};

}  // namespace

TEST_CASE("a signal that was ignored at start stays ignored, for commands too") {
  const TemporaryFolder home;
  FromShell listener(home, "trap '' INT HUP", "-q --exec 'echo ignored $(grep SigIgn /proc/self/status | tail -c 2).'");
  for (const int signal : {SIGINT, SIGHUP}) listener.running.send(signal);
  CHECK(Caller(listener.port).post(some_delivery) == 200);
  listener.running.wait_for_error("ignored 3.");
  listener.running.send(SIGTERM);
  CHECK(listener.running.wait() == 143);
}

TEST_CASE("commands get the descriptor limit that the listener was given") {
  const TemporaryFolder home;
  FromShell listener(home, "ulimit -Sn 200", "--exec 'echo limit $(ulimit -Sn).'");
  CHECK(Caller(listener.port).post(some_delivery) == 200);
  listener.running.wait_for_error("limit 200.");
}

TEST_CASE("further signals do not cut an answer in flight") {
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
    const TemporaryFolder home;
    std::promise<void> stopped;
    const program::ParallelTarget target([done = stopped.get_future().share()](Socket& connection) {
      done.wait();
      connection.send("HTTP/1.1 202 Taken\r\nContent-Length: 0\r\n\r\n");
    });
    Listener listener(home.path(), {"--forward-to", target.url()});
    std::atomic<int> status{-1};
    std::thread sender([&] { status = Caller(listener.port()).post(some_delivery); });
    for (int waited = 0; target.requests().empty() && waited < 2000; ++waited)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    listener.send(signal);
    for (const int further : {SIGTERM, SIGHUP, SIGINT}) listener.send(further);
    stopped.set_value();
    sender.join();
    CHECK(status == 202);
    CHECK(listener.wait() > 128);  // by the one that arrived first
  }
}

TEST_CASE("two SIGHUP, as a closed terminal sends, leave no subscription behind") {
  const TemporaryFolder home;
  const program::Sandbox sandbox;
  const program::Environment api{{"BOOKAFY_API_URL", sandbox.url()}, {"BOOKAFY_TOKEN", "sandbox-owner"}};
  Listener listener(home.path(), {"--subscribe", "https://tunnel.example.org/in"}, api);
  listener.wait_for_error("subscribed https://tunnel.example.org/in");
  for (int i = 0; i < 2; ++i) listener.send(SIGHUP);
  CHECK(listener.wait() == 129);
  program::Command list{{built::program, "list", "-o", "uri"}, program::poisoned_environment(home.path()), ""};
  for (const auto& [name, value] : api) list.environment[name] = value;
  const auto left = program::run(list);
  CHECK(left.status == 0);
  CHECK(left.out == "");
}

TEST_CASE("every signal reaches the sandbox's command") {
  const TemporaryFolder home;
  Running sandbox({{built::program, "sandbox", "--", "sh", "-c",
                    "trap 'echo first' INT; trap 'echo second; exit 7' TERM; echo begun; while :; do sleep 0.01; done"},
                   program::poisoned_environment(home.path()),
                   "",
                   home.path()});
  sandbox.wait_for_output("begun");
  sandbox.send(SIGINT);
  sandbox.wait_for_output("first");
  sandbox.send(SIGTERM);
  sandbox.wait_for_output("second");
  CHECK(sandbox.wait() == 7);
}
