// The engine against real sockets: what the fake network cannot show.
#include "net/engine.hpp"

#include <unistd.h>

#include <array>
#include <atomic>

#include "catch.hpp"
#include "faults/server.hpp"
#include "sandbox/sandbox.hpp"

using namespace bookafy;
using namespace std::chrono_literals;
using faults::raw;
using faults::Server;
using Reason = http::Failure::Reason;

namespace {

http::Completed ask(const std::string& url, net::EngineOptions options = {}, const std::string& method = "GET") {
  net::Engine engine(std::move(options));
  http::Request request;
  request.method = method;
  request.url = url;
  request.body = method == "POST" ? "{}" : "";
  engine.start(1, request);
  auto done = engine.wait(http::Transport::Deadline::max() - std::chrono::hours(1));
  REQUIRE(done.size() == 1);
  return done.front();
}

}  // namespace

TEST_CASE("answers that are none are told apart from connections that were lost") {
  struct Row {
    std::string name, answer;
    std::optional<Reason> reason;
  };
  const std::string length = "Content-Length: 2\r\n";
  for (const auto& [name, answer, reason] : std::vector<Row>{
           {"good", "HTTP/1.1 200 OK\r\n" + length + "\r\n{}", {}},
           {"HTTP/1.0 until the end", "HTTP/1.0 200 OK\r\n\r\n{}", {}},
           {"a 1xx before it",
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n" + length + "\r\n{}",
            {}},
           {"nothing", "", Reason::cut_off},
           {"half a head", "HTTP/1.1 200 OK\r\nContent-", Reason::cut_off},
           {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", Reason::cut_off},
           {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", Reason::cut_off},
           {"HTTP/0.9", "{\"resource\":{}}", Reason::malformed},
           {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Reason::malformed},
           {"a chunk of no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", Reason::cut_off},
           {"no gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", Reason::malformed},
           {"a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}", Reason::malformed},
           {"NUL in a header", std::string("HTTP/1.1 200 OK\r\nA: b\0c\r\n", 26) + length + "\r\n{}",
            Reason::malformed},
           {"headers without end",
            "HTTP/1.1 200 OK\r\n" +
                [] {
                  std::string many;
                  for (int i = 0; i < 10'000; ++i) many += "X-Filler: " + std::string(50, 'x') + "\r\n";
                  return many;
                }(),
            Reason::too_large},
       }) {
    INFO(name);
    const Server server(raw(answer));
    const auto completed = ask(server.url() + "/x");
    const auto* failure = std::get_if<http::Failure>(&completed.outcome);
    if (failure) INFO(failure->message);
    REQUIRE((failure != nullptr) == reason.has_value());
    if (!failure) {
      CHECK(std::get<http::Response>(completed.outcome).status == 200);
      CHECK(std::get<http::Response>(completed.outcome).body == "{}");
      continue;
    }
    CHECK(failure->reason == *reason);
    CHECK(failure->sent);
  }
}

TEST_CASE("a body has a largest size, also before it is decompressed") {
  net::EngineOptions options;
  options.max_answer = 1000;
  // gzip of 100,000 zero bytes.
  constexpr std::string_view zipped(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xf5\x4f\x6d\x0d\x0f"
      "\xa0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x80\x57\x03\x7d\x95\x11\xd4\xa0\x86\x01\x00",
      132);
  const std::string bomb(zipped);
  for (const std::string& head : std::vector<std::string>{"", "Content-Encoding: gzip\r\n"}) {
    INFO(head);
    const std::string body = head.empty() ? std::string(1001, 'x') : bomb;
    const Server server(raw("HTTP/1.1 200 OK\r\n" + head + "\r\n" + body));
    const auto completed = ask(server.url() + "/x", options);
    REQUIRE(std::holds_alternative<http::Failure>(completed.outcome));
    CHECK(std::get<http::Failure>(completed.outcome).reason == Reason::too_large);
  }
  const Server fits(raw("HTTP/1.1 200 OK\r\n\r\n" + std::string(1000, 'x')));
  CHECK(std::holds_alternative<http::Response>(ask(fits.url() + "/x", options).outcome));
}

TEST_CASE("nothing hangs: whole request, and a transfer that stalls") {
  net::EngineOptions whole;
  whole.timeout = 50ms;
  const Server silent([](faults::Socket& connection, int) { faults::outlast(connection); });
  auto completed = ask(silent.url() + "/x", whole);
  CHECK(std::get<http::Failure>(completed.outcome).reason == Reason::timeout);
  CHECK(std::get<http::Failure>(completed.outcome).sent);

  net::EngineOptions stall;
  stall.timeout = 1h;
  stall.stalled = 1s;
  const Server stalling([](faults::Socket& connection, int) {
    connection.receive();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    faults::outlast(connection);
  });
  completed = ask(stalling.url() + "/x", stall);
  CHECK(std::get<http::Failure>(completed.outcome).reason == Reason::timeout);
}

TEST_CASE("a deadline begins with the request, not in the queue for a connection") {
  const sandbox::Sandbox server({.port = 0, .rate_limit = 1'000'000, .latency = 100ms});
  net::EngineOptions options;
  options.connections = 2;
  options.timeout = 1000ms;
  net::Engine engine(options);
  constexpr int requests = 30;
  for (int i = 1; i <= requests; ++i)
    engine.start(static_cast<std::uint64_t>(i), {"GET", server.base_url() + "/users/me", {}, {}});
  int answered = 0;
  for (int left = requests; left > 0;) {
    for (const auto& completed : engine.wait(std::chrono::steady_clock::now() + 20s)) {
      --left;
      answered += std::holds_alternative<http::Response>(completed.outcome) ? 1 : 0;
    }
  }
  CHECK(answered == requests);
}

TEST_CASE("a kept connection that the server has closed is no failure") {
  for (const auto* method : {"GET", "DELETE"}) {
    INFO(method);
    // Answers once and reads the second request before it closes, so that the client cannot have seen it coming.
    const Server server([](faults::Socket& connection, int turn) {
      connection.receive();
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
      if (turn == 1) connection.receive();
    });
    net::Engine engine(net::EngineOptions{});
    for (std::uint64_t id = 1; id <= 2; ++id) {
      engine.start(id, {method, server.url() + "/x", {}, {}});
      const auto done = engine.wait(std::chrono::steady_clock::now() + 20s);
      REQUIRE(done.size() == 1);
      CHECK(std::holds_alternative<http::Response>(done[0].outcome));
      CHECK(done[0].resent == (id == 2 && std::string(method) == "DELETE"));
    }
  }
}

TEST_CASE("a POST is never sent twice behind our back") {
  std::atomic<int> received = 0;
  auto receive_request = [&](const faults::Socket& connection) {
    std::string request;
    while (!request.ends_with("{}")) {
      const std::string piece = connection.receive();
      if (piece.empty()) return false;
      request += piece;
    }
    ++received;
    return true;
  };
  // Takes the second request on the kept connection, too, and closes it without an answer.
  const Server server([&](faults::Socket& connection, int) {
    if (!receive_request(connection)) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    receive_request(connection);
  });
  net::Engine engine(net::EngineOptions{});
  for (std::uint64_t id = 1; id <= 2; ++id) {
    engine.start(id, {"POST", server.url() + "/x", {}, "{}"});
    const auto done = engine.wait(std::chrono::steady_clock::now() + 20s);
    REQUIRE(done.size() == 1);
    if (id == 1) continue;
    REQUIRE(std::holds_alternative<http::Failure>(done[0].outcome));
    CHECK(std::get<http::Failure>(done[0].outcome).sent);
    CHECK(std::get<http::Failure>(done[0].outcome).reason == Reason::cut_off);
  }
  CHECK(received == 2);
}

TEST_CASE("a signal ends a wait at once") {
  const Server silent([](faults::Socket& connection, int) { faults::outlast(connection); });
  net::EngineOptions options;
  int checks = 0;
  options.interrupted = [&] { return ++checks > 1 ? 15 : 0; };
  std::array<int, 2> wake{};
  REQUIRE(pipe(wake.data()) == 0);
  REQUIRE(write(wake[1], "x", 1) == 1);
  options.wake_descriptor = wake[0];
  CHECK_THROWS_AS(ask(silent.url() + "/x", options), http::Interrupted);
  close(wake[0]);
  close(wake[1]);
}
