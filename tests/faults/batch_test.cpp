// A batch of requests: how many at once, and that it ends once its outcome is known.
#include <atomic>
#include <future>

#include "built.hpp"
#include "catch.hpp"
#include "faults/server.hpp"
#include "program/process.hpp"

namespace {

std::string response(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status +
         "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

const std::string resource = R"({"resource":{"uri":"u"}})";
const std::string unauthenticated = R"({"title":"Unauthenticated","message":"The access token is invalid"})";

program::Command command(const std::string& api, const program::TemporaryFolder& home,
                         const std::vector<std::string>& arguments) {
  program::Command command{{built::program}, program::poisoned_environment(home.path()), "", "/"};
  command.environment["BOOKAFY_TOKEN"] = "token-1";
  command.environment["BOOKAFY_API_URL"] = api;
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return command;
}

/// Its end wakes the test that waits for a connection.
std::future<program::Outcome> run_beside(const program::Command& command, const faults::Socket& listener) {
  return std::async(std::launch::async, [&] {
    auto outcome = program::run(command);
    listener.shut();
    return outcome;
  });
}

std::string many_ids() {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "id" + std::to_string(i) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("a 401 ends a batch") {
  const program::TemporaryFolder home;
  for (const std::string name : {"inspect", "delete"}) {
    INFO(name);
    std::atomic<int> requests = 0;
    const faults::Server server([&](faults::Socket& connection, int) {
      if (connection.receive().empty()) return;
      ++requests;
      connection.send(response("401 Unauthorized", unauthenticated));
    });
    auto run = command(server.url(), home, {name, "-"});
    run.input = many_ids();
    const auto outcome = program::run(run);
    INFO(outcome.err);
    CHECK(outcome.status == 3);
    CHECK(outcome.out.empty());
    CHECK(requests >= 1);
    CHECK(requests <= 8);
    CHECK(program::has(outcome.err, "401"));
    CHECK(program::has(outcome.err, "after the 401"));
  }
}

TEST_CASE("a batch that a 401 ends keeps what was done before it") {
  const program::TemporaryFolder home;
  for (const std::string name : {"inspect", "delete"}) {
    std::atomic<int> requests = 0;
    const faults::Server server([&](faults::Socket& connection, int) {
      if (connection.receive().empty()) return;
      const bool accepted = ++requests <= 3;
      connection.send(accepted ? response("200 OK", resource) : response("401 Unauthorized", unauthenticated));
    });
    auto run = command(server.url(), home, {name, "-", "--jobs", "1", "-o", "uri"});
    run.input = many_ids();
    const auto outcome = program::run(run);
    INFO(outcome.err);
    CHECK(outcome.status == 10);
    CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 3);
    CHECK(requests == 4);
  }
}

TEST_CASE("--jobs N means N connections with HTTP/1.1, 8 without it") {
  const program::TemporaryFolder home;
  for (const int jobs : {0, 1, 16}) {
    INFO(jobs);
    const faults::Socket listener = faults::Socket::listening();
    auto run = command("http://127.0.0.1:" + std::to_string(listener.port()), home, {"inspect", "-", "-o", "uri"});
    if (jobs > 0) run.argv.insert(run.argv.end(), {"--jobs", std::to_string(jobs)});
    for (int i = 0; i < 16; ++i) run.input += "id" + std::to_string(i) + "\n";
    auto outcome = run_beside(run, listener);
    const int at_once = jobs == 0 ? 8 : jobs;
    for (int done = 0; done < 16; done += at_once) {
      // None is answered before all of them are there.
      std::vector<faults::Socket> connections;
      for (int i = 0; i < at_once; ++i) connections.push_back(listener.accept());
      for (const auto& connection : connections) {
        connection.receive();
        connection.send(response("200 OK", resource));
      }
    }
    CHECK(outcome.get().status == 0);
  }
}

TEST_CASE("list asks for its parts side by side, from the first request on") {
  const program::TemporaryFolder home;
  const faults::Socket listener = faults::Socket::listening();
  const auto run = command("http://127.0.0.1:" + std::to_string(listener.port()), home,
                           {"list", "--organization", "o", "--user", "u", "-o", "uri"});
  auto outcome = run_beside(run, listener);
  std::vector<faults::Socket> connections;
  for (int i = 0; i < 2; ++i) connections.push_back(listener.accept());
  for (const auto& connection : connections) {
    connection.receive();
    connection.send(response("200 OK", R"({"collection":[],"pagination":{"next_page":null}})"));
  }
  CHECK(outcome.get().status == 0);
}

TEST_CASE("when the reader has gone, nothing more is looked up") {
  const program::TemporaryFolder home;
  for (const std::string format : {"uri", "jsonl", "csv"}) {
    INFO(format);
    const faults::Socket listener = faults::Socket::listening();
    const std::string api = "http://127.0.0.1:" + std::to_string(listener.port());
    auto run = command(api, home, {});
    // The brace group reads a line and closes the pipe; only then does it report so.
    run.argv = {
        "/bin/sh", "-c",
        "bookafy inspect - -o " + format + " | { read -r line; exec <&-; curl -s --noproxy '*' " + api + "/gone; }"};
    run.input = many_ids();
    auto outcome = run_beside(run, listener);
    int requests = 0;
    std::vector<faults::Socket> held;
    for (bool gone = false; !gone;) {
      faults::Socket connection = listener.accept();
      REQUIRE(connection.is_open());
      const std::string request = connection.receive();
      gone = program::has(request, "/gone");
      if (!gone) ++requests;
      if (!gone && requests > 1)
        held.push_back(std::move(connection));
      else
        connection.send(response("200 OK", resource));
    }
    for (const auto& connection : held) connection.send(response("200 OK", resource));
    held.clear();
    listener.shut();
    CHECK(outcome.get().status == 0);
    CHECK(requests <= 9);
  }
}
