// What becomes of a delivery at its target, and what the sender hears of it.
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <fstream>

#include "built.hpp"
#include "catch.hpp"
#include "program/parallel_target.hpp"
#include "program/running.hpp"
#include "storage/sqlite.hpp"

using faults::Socket;
using program::Caller;
using program::has;
using program::Listener;
using program::ParallelTarget;
using program::TemporaryFolder;
namespace storage = bookafy::storage;

namespace {

std::string delivery_of(const std::string& id) {
  return R"({"created_at":"2026-11-23T09:30:00.000000Z","event":"invitee.created","payload":{"uri":"https://api.bookafy.com/i/)" +
         id + R"("}})";
}

/// Posts it with these headers alone.
int deliver(int port, const std::string& id, const std::string& headers = "") {
  const std::string body = delivery_of(id);
  Caller caller(port);
  caller.send("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
              "\r\n" + body);
  return caller.status();
}

program::Outcome trigger(const TemporaryFolder& home, const std::string& url) {
  return program::run({{built::program, "trigger", "invitee.created", "--to", url},
                       program::poisoned_environment(home.path()),
                       "",
                       home.path()});
}

void send_endlessly(Socket& connection, const std::string& head) {
  if (!connection.send(head)) return;
  while (connection.send(std::string(10'000, 'x'))) continue;
}

/// Lets all who wait through at once when the last has come.
class Barrier {
 public:
  explicit Barrier(int count) : missing_(count) {}
  void arrive_and_wait() {
    std::unique_lock lock(mutex_);
    --missing_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return missing_ <= 0; });
  }
  /// Lets everybody through.
  void open() {
    const std::lock_guard lock(mutex_);
    missing_ = 0;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int missing_;
};

}  // namespace

TEST_CASE("the status of the target counts, whatever its body is") {
  struct Row {
    std::string name;
    std::function<void(Socket&)> answer;
    int status;           ///< for the sender
    std::string account;  ///< on standard error; empty: none
    int triggered;        ///< exit status of trigger
  };
  auto text = [](const std::string& answer) { return [answer](Socket& target) { target.send(answer); }; };
  const std::vector<Row> rows{
      {"a body without end", [](Socket& target) { send_endlessly(target, "HTTP/1.1 200 OK\r\n\r\n"); }, 200, "", 0},
      {"a long body",
       [](Socket& target) { send_endlessly(target, "HTTP/1.1 201 OK\r\nContent-Length: 999999999999\r\n\r\n"); }, 201,
       "", 0},
      {"a body that stops coming",
       [](Socket& target) {
         target.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
         target.receive();
       },
       200, "", 0},
      {"a body cut off", text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"), 200, "", 0},
      {"no gzip", text("HTTP/1.1 202 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz"), 202, "", 0},
      {"bad chunks", text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz"), 200, "", 0},
      {"an interim response", text("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 204 No\r\n\r\n"), 204, "", 0},
      {"only an interim response", text("HTTP/1.1 103 Early\r\n\r\n"), 502, "not taken", 8},
      {"gone", text("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"), 502, "answered 410", 9},
      {"a redirect", text("HTTP/1.1 308 Moved\r\nLocation: https://other.example/in\r\nContent-Length: 0\r\n\r\n"), 308,
       "https://other.example/in", 9},
      {"an error without end", [](Socket& target) { send_endlessly(target, "HTTP/1.1 500 No\r\n\r\n"); }, 500,
       "answered 500", 9},
      {"a closed connection", [](Socket&) {}, 502, "not taken", 8},
  };
  const TemporaryFolder home;
  for (const Row& row : rows) {
    INFO(row.name);
    const ParallelTarget target(row.answer);
    Listener listener(home.path(), {"--forward-to", target.url()});
    CHECK(deliver(listener.port(), "a") == row.status);
    if (!row.account.empty()) listener.wait_for_error(row.account);
    listener.send(SIGTERM);
    CHECK(listener.wait() == 143);
    CHECK(has(listener.errors(), "not taken") == !row.account.empty());
    const auto sent = trigger(home, target.url());
    INFO(sent.err);
    CHECK(sent.status == row.triggered);
    if (row.status == 308) CHECK(has(sent.err, "https://other.example/in"));
  }
}

TEST_CASE("deliveries to a target that closes its connections do not wait for one another") {
  constexpr int count = 20;
  for (const bool stored : {false, true}) {
    const TemporaryFolder home;
    Barrier all_have_come(count);
    const ParallelTarget target([&](Socket& connection) {
      all_have_come.arrive_and_wait();
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    std::vector<std::string> options{"--forward-to", target.url()};
    if (stored) options.insert(options.end(), {"--store", "store"});
    Listener listener(home.path(), options);
    std::vector<std::thread> senders;
    std::atomic<int> accepted{0};
    for (int i = 0; i < count; ++i)
      senders.emplace_back([&, i] {
        if (deliver(listener.port(), std::to_string(i)) == 200) ++accepted;
      });
    for (std::thread& sender : senders) sender.join();
    CHECK(accepted == count);
    for (int waited = 0; target.requests().size() < count && waited < 1000; ++waited)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(target.requests().size() == count);
    CHECK_FALSE(has(listener.errors(), "could not be forwarded"));
    all_have_come.open();
  }
}

TEST_CASE("a delivery is forwarded with its own headers, without those of its connection") {
  const TemporaryFolder home;
  const ParallelTarget target([](Socket& connection) { connection.send("HTTP/1.1 204 No\r\n\r\n"); });
  Listener listener(home.path(), {"--forward-to", target.url()});
  CHECK(deliver(listener.port(), "a",
                "Connection: X-First\r\nX-First: 1\r\nX-Kept: a;b\r\nProxy-Authorization: Basic eDp5\r\n"
                "connection: keep-alive , x-second\r\nX-Second: 2\r\nx-empty:\r\nTE: trailers\r\n") == 204);
  CHECK(deliver(listener.port(), "b", "Content-Type: text/x\r\nuser-agent: me\r\nAccept: a/b\r\n") == 204);
  const auto requests = target.requests();
  REQUIRE(requests.size() == 2);
  const std::string begin = "POST / HTTP/1.1\r\nHost: " + target.url().substr(7, target.url().size() - 8) + "\r\n";
  const std::string length = "Content-Length: " + std::to_string(delivery_of("a").size()) + "\r\n";
  CHECK(requests[0] == begin + "X-Kept: a;b\r\nx-empty:\r\n" + length + "\r\n" + delivery_of("a"));
  CHECK(requests[1] ==
        begin + "Content-Type: text/x\r\nuser-agent: me\r\nAccept: a/b\r\n" + length + "\r\n" + delivery_of("b"));
}

TEST_CASE("a sender gets an answer also when the target gives none") {
  const TemporaryFolder home;
  const ParallelTarget target([](Socket& connection) { connection.receive(); });
  Listener listener(home.path(), {"--forward-to", target.url()});
  CHECK(deliver(listener.port(), "a") == 504);
  listener.wait_for_error("not taken");
}

TEST_CASE("forwarding and commands go on when the store can be read again") {
  const TemporaryFolder home;
  std::atomic<bool> accepts{false};
  const ParallelTarget target([&](Socket& connection) {
    connection.send(accepts ? "HTTP/1.1 204 No\r\n\r\n" : "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
  });
  REQUIRE(mkfifo((home.path() / "gate").c_str(), 0600) == 0);
  Listener listener(home.path(), {"--store", "store", "--forward-to", target.url(), "--exec",
                                  "read line < gate; grep -o '/i/[0-9]'"});
  for (const char* id : {"1", "2", "3", "4"}) CHECK(deliver(listener.port(), id) == 200);
  listener.wait_for_error("delivery 4 could not be forwarded");
  CHECK(deliver(listener.port(), "5") == 200);  // four commands run, the fifth waits in the store
  storage::Database store((home.path() / "store").string(), storage::Access::read_write);
  store.execute("ALTER TABLE deliveries RENAME TO elsewhere");
  listener.wait_for_error("cannot read the store");
  accepts = true;
  std::ofstream(home.path() / "gate") << "\n\n\n\n";
  for (const char* id : {"1", "2", "3", "4"}) listener.wait_for_error(std::string("/i/") + id);
  store.execute("ALTER TABLE elsewhere RENAME TO deliveries");
  std::ofstream(home.path() / "gate") << "\n";
  listener.wait_for_error("/i/5");
  for (int waited = 0; waited < 1000; ++waited) {
    if (store.integer("SELECT count(*) FROM tasks") == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(store.integer("SELECT count(*) FROM tasks") == 0);
}

TEST_CASE("a listener whose address is not available has done nothing") {
  const TemporaryFolder home;
  const Socket taken = Socket::listening();
  const auto outcome = program::run({{built::program, "listen", "--bind", "127.0.0.1:" + std::to_string(taken.port()),
                                      "--store", "store", "--exec", "touch ran"},
                                     program::poisoned_environment(home.path()),
                                     "",
                                     home.path()});
  CHECK(outcome.status == 2);
  CHECK_FALSE(std::filesystem::exists(home.path() / "store"));
}
