// The listener as a real process: what it answers 200 is safe, whatever happens to it.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <random>
#include <set>
#include <sstream>

#include "bookafy/signature.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "program/canned_server.hpp"
#include "program/running.hpp"

using program::Caller;
using program::has;
using program::Listener;
using program::TemporaryFolder;

namespace {

const bookafy::Secret signing_key("bk_demo_signing_key_0001");

std::string invitee_uri(const std::string& id) { return "https://api.bookafy.com/scheduled_events/e/invitees/" + id; }

std::string body_of(const std::string& id, const std::string& event = "invitee.created") {
  return R"({"created_at":"2026-11-23T09:30:00.000000Z","created_by":"u","event":")" + event +
         R"(","payload":{"status":"active","uri":")" + invitee_uri(id) + R"("}})";
}

std::string signature(const std::string& body, std::chrono::seconds ago = std::chrono::seconds(0)) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return "Bookafy-Webhook-Signature: " + bookafy::signature_header(signing_key, now - ago, body) + "\r\n";
}

int post(int port, const std::string& body, const std::string& headers = "") {
  return Caller(port).post(body, headers);
}

/// The lines of a command's standard output.
std::vector<std::string> lines_of(const TemporaryFolder& home, const std::vector<std::string>& arguments) {
  program::Command command{{built::program}, program::poisoned_environment(home.path()), "", home.path()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  const auto outcome = program::run(command);
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < outcome.out.size();) {
    const auto end = std::min(outcome.out.find('\n', at), outcome.out.size());
    lines.push_back(outcome.out.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// A named pipe at which commands wait to be let through.
class Gate {
 public:
  explicit Gate(const std::filesystem::path& file) {
    REQUIRE(mkfifo(file.c_str(), 0600) == 0);
    descriptor_ = open(file.c_str(), O_RDWR | O_CLOEXEC);
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate() { close(descriptor_); }

  /// A shell's `read` takes one line, byte by byte.
  void let_through(std::size_t count) const {
    const std::string lines(count, '\n');
    REQUIRE(write(descriptor_, lines.data(), count) == static_cast<ssize_t>(count));
  }

 private:
  int descriptor_ = -1;
};

std::vector<std::string> stored_uris(const TemporaryFolder& home) {
  auto uris = lines_of(home, {"deliveries", "--store", "store", "-o", "uri"});
  std::sort(uris.begin(), uris.end());
  return uris;
}

}  // namespace

TEST_CASE("listen answers 200, prints the received bytes once and ends with a signal's status") {
  const TemporaryFolder home;
  Listener listener(home.path(), {});
  CHECK(listener.errors().find("anybody") != std::string::npos);
  CHECK(post(listener.port(), body_of("a")) == 200);
  CHECK(post(listener.port(), body_of("a")) == 200);
  const std::string pretty = "{\n  \"created_at\": \"t\",\r\n  \"event\": \"x\",\n  \"payload\": {\"n\": 1.50}\n}\n";
  CHECK(post(listener.port(), pretty) == 200);
  listener.send(SIGTERM);
  CHECK(listener.wait() == 143);
  CHECK(listener.output() ==
        body_of("a") + "\n{   \"created_at\": \"t\",    \"event\": \"x\",   \"payload\": {\"n\": 1.50} }\n");
}

TEST_CASE("listen refuses with the status and the reason") {
  const TemporaryFolder home;
  home.write("key", "bk_demo_signing_key_0001\n");
  Listener listener(home.path(), {"--signing-key-file", "key", "--max-body", "2KiB"});
  CHECK(listener.errors().find("anybody") == std::string::npos);
  const std::string body = body_of("a");
  CHECK(post(listener.port(), body) == 401);
  listener.wait_for_error("401 there is no signature header");
  CHECK(post(listener.port(), body + " ", signature(body)) == 401);
  listener.wait_for_error("401 the signature does not match");
  CHECK(post(listener.port(), body, signature(body, std::chrono::seconds(3600))) == 401);
  listener.wait_for_error("401 the signature is too old");
  CHECK(post(listener.port(), body, "Bookafy-Webhook-Signature: x\x1b[31m\r\n") == 401);
  CHECK(post(listener.port(), "{}", signature("{}")) == 400);
  listener.wait_for_error("400 the body is no delivery: it has no event");
  CHECK(post(listener.port(), std::string(3000, 'x')) == 413);
  listener.wait_for_error("413");
  Caller getter(listener.port());
  getter.send("GET /\x1b[31m HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(getter.status() == 405);
  CHECK(post(listener.port(), body, signature(body)) == 200);
  listener.send(SIGINT);
  CHECK(listener.wait() == 130);
  CHECK(listener.output() == body + "\n");
  CHECK(listener.errors().find('\x1b') == std::string::npos);
}

TEST_CASE("a flood of forgeries does not flood standard error, and is counted") {
  const TemporaryFolder home;
  home.write("key", "bk_demo_signing_key_0001\n");
  Listener listener(home.path(), {"--signing-key-file", "key"});
  constexpr int posted = 1000;
  Caller caller(listener.port());
  for (int i = 0; i < posted; ++i) REQUIRE(caller.post("{}") == 401);
  listener.send(SIGINT);
  CHECK(listener.wait() == 130);
  int told = 0;
  int counted = 0;
  std::istringstream lines(listener.errors());
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" 401 there is no signature header") != std::string::npos) ++told;
    int more = 0;
    if (std::sscanf(line.c_str(), "bookafy: warning: refused %d more requests", &more) == 1) counted += more;
  }
  CHECK(told + counted == posted);
  CHECK(told >= 100);
  CHECK(told < posted / 2);
}

TEST_CASE("only the events asked for are printed") {
  const TemporaryFolder home;
  Listener listener(home.path(), {"--event", "invitee.canceled,invitee.cancelled"});
  CHECK(listener.errors().find("did you mean invitee.canceled?") != std::string::npos);
  CHECK(post(listener.port(), body_of("a")) == 200);
  CHECK(post(listener.port(), body_of("a", "invitee.canceled")) == 200);
  listener.send(SIGTERM);
  listener.wait();
  CHECK(listener.output() == body_of("a", "invitee.canceled") + "\n");
}

TEST_CASE("everything answered 200 is in the store once, however often the listener is killed") {
  const TemporaryFolder home;
  std::mutex mutex;
  std::set<std::string> answered;
  std::atomic<int> port{0};
  std::atomic<bool> stop{false};
  const Listener* victim = nullptr;
  std::atomic<int> answers_to_live{0};  ///< the sender that gets the last of them kills at once
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 50; ++sender)
    senders.emplace_back([&, sender] {
      for (int i = 0; !stop; ++i) {
        const std::string id = std::to_string(sender) + "-" + std::to_string(i);
        // As the API does: again until it is taken.
        while (!stop && post(port, body_of(id)) != 200) std::this_thread::yield();
        if (stop) return;
        const std::lock_guard lock(mutex);
        if (--answers_to_live == 0 && victim) victim->send(SIGKILL);
        answered.insert(invitee_uri(id));
      }
    });
  std::mt19937 random(7);
  for (int life = 0; life < 12; ++life) {
    Listener listener(home.path(), {"--store", "store"});
    {
      const std::lock_guard lock(mutex);
      victim = &listener;
    }
    const bool after_an_answer = life % 3 != 0;
    answers_to_live = after_an_answer ? 1 + static_cast<int>(random() % 100) : 0;
    port = listener.port();
    if (!after_an_answer) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 250));
      listener.send(SIGKILL);
    }
    CHECK(listener.wait() == 128 + SIGKILL);
    const std::lock_guard lock(mutex);
    victim = nullptr;
  }
  stop = true;
  for (std::thread& sender : senders) sender.join();

  const auto stored = stored_uris(home);
  CHECK(answered.size() > 50);
  CHECK(std::adjacent_find(stored.begin(), stored.end()) == stored.end());
  CHECK(std::includes(stored.begin(), stored.end(), answered.begin(), answered.end()));
  CHECK(lines_of(home, {"bookings", "--store", "store", "-o", "uri"}).size() == stored.size());
}

TEST_CASE("a full disk is answered 503 and loses nothing that was answered 200") {
  const TemporaryFolder home;
  std::vector<std::string> taken;
  {
    // Files of this process may have 512 KiB: the store is full after some dozens of deliveries.
    program::Command command{{"sh", "-c", "ulimit -f 512; exec bookafy listen --bind 127.0.0.1:0 --store store"},
                             program::poisoned_environment(home.path()),
                             "",
                             home.path()};
    program::Running listener(command);
    const std::string said = listener.wait_for_error("listening on http://127.0.0.1:");
    const int port = std::stoi(said.substr(said.find("127.0.0.1:") + 10));
    bool full = false;
    for (int i = 0; i < 400 && !full; ++i) {
      std::string body = body_of(std::to_string(i));
      body.insert(body.size() - 1, ",\"padding\":\"" + std::string(8000, 'x') + "\"");
      const int status = post(port, body);
      full = status == 503;
      CHECK((status == 200 || status == 503));
      if (status == 200) taken.push_back(invitee_uri(std::to_string(i)));
    }
    CHECK(full);
    listener.wait_for_error("answered 503");
    listener.send(SIGTERM);
    CHECK(listener.wait() == 143);
  }
  std::sort(taken.begin(), taken.end());
  CHECK(!taken.empty());
  CHECK(stored_uris(home) == taken);
  // With room again the store goes on.
  Listener listener(home.path(), {"--store", "store"});
  CHECK(post(listener.port(), body_of("later")) == 200);
}

TEST_CASE("a thousand idle connections do not stop the next sender") {
  const TemporaryFolder home;
  Listener listener(home.path(), {});
  std::vector<std::unique_ptr<Caller>> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.push_back(std::make_unique<Caller>(listener.port()));
    if (i % 2 == 0) idle.back()->send("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{");
  }
  REQUIRE(std::all_of(idle.begin(), idle.end(), [](const auto& one) { return one->connected(); }));
  CHECK(post(listener.port(), body_of("a")) == 200);
  listener.wait_for_output(body_of("a") + "\n");
}

TEST_CASE("without a store the target's status is passed back") {
  const TemporaryFolder home;
  program::CannedServer target({program::http_answer(500, "no"), program::http_answer(202, "")});
  Listener listener(home.path(), {"--forward-to", target.url() + "/in?x=1"});
  CHECK(post(listener.port(), body_of("a"), "X-Empty:\r\nX-Custom: kept  as it is\r\n") == 500);
  CHECK(post(listener.port(), body_of("a"), "X-Custom: kept  as it is\r\n") == 202);
  CHECK(post(listener.port(), body_of("a")) == 200);  // taken once is enough
  listener.send(SIGTERM);
  listener.wait();
  CHECK(listener.output() == body_of("a") + "\n");
  const auto requests = target.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].rfind("POST /in?x=1 HTTP/1.1\r\n", 0) == 0);
  CHECK(requests[0].find("X-Custom: kept  as it is\r\n") != std::string::npos);
  CHECK(requests[0].find("X-Empty:\r\n") != std::string::npos);
  CHECK(requests[0].find("\r\n\r\n" + body_of("a")) != std::string::npos);
}

TEST_CASE("with a store deliveries wait for the target, in order and across a kill") {
  const TemporaryFolder home;
  std::vector<std::string> sent;
  {
    Listener listener(home.path(), {"--store", "store", "--forward-to", "http://127.0.0.1:1/"});
    for (const char* event : {"invitee.created", "invitee_no_show.created", "invitee.canceled"}) {
      sent.push_back(body_of("a", event));
      CHECK(post(listener.port(), sent.back()) == 200);
    }
    listener.wait_for_error("could not be forwarded");
    listener.send(SIGKILL);
    listener.wait();
  }
  program::CannedServer target({program::http_answer(503, ""), program::http_answer(200, "")});
  Listener listener(home.path(), {"--store", "store", "--forward-to", target.url()});
  for (int waited = 0; target.requests().size() < 4 && waited < 2000; ++waited)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto requests = target.requests();
  REQUIRE(requests.size() == 4);
  const std::vector<std::string> expected{sent[0], sent[0], sent[1], sent[2]};
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(requests[i].substr(requests[i].find("\r\n\r\n") + 4) == expected[i]);
}

TEST_CASE("a command runs for each delivery, without our secrets") {
  const TemporaryFolder home;
  for (const std::string store : {"", "store"}) {
    std::vector<std::string> options{"--exec", "cat >> got; env > environment; exit 3"};
    if (!store.empty()) options.insert(options.end(), {"--store", store});
    Listener listener(home.path(), options,
                      {{"BOOKAFY_TOKEN", "secret-token"}, {"BOOKAFY_USER", "nobody"}, {"OTHER", "kept"}});
    CHECK(post(listener.port(), body_of("a")) == 200);
    listener.wait_for_error("the command ended with status 3");
    listener.send(SIGTERM);
    listener.wait();
    CHECK(listener.output() == body_of("a") + "\n");
    const auto got = program::run({{"cat", "got"}, {{"PATH", "/usr/bin:/bin"}}, "", home.path()});
    CHECK(got.out == body_of("a"));
    const auto environment = program::run({{"cat", "environment"}, {{"PATH", "/usr/bin:/bin"}}, "", home.path()});
    CHECK(environment.out.find("BOOKAFY_") == std::string::npos);
    CHECK(environment.out.find("OTHER=kept") != std::string::npos);
    std::filesystem::remove(home.path() / "got");
  }
}

TEST_CASE("four commands run at once, and no more") {
  const TemporaryFolder home;
  const Gate gate(home.path() / "gate");
  const std::string command =
      "id=$(cat); id=${id##*/invitees/}; id=${id%%[!0-9]*}; "
      "for n in 1 2 3 4 5 6 7 8; do mkdir run$n 2> /dev/null && break; done; "
      "echo \"began $id:$n.\"; read line < gate; rmdir run$n; echo \"ended $id.\"";
  Listener listener(home.path(), {"--exec", command});
  for (int id = 1; id <= 4; ++id) CHECK(post(listener.port(), body_of(std::to_string(id))) == 200);
  for (int id = 1; id <= 4; ++id) listener.wait_for_error("began " + std::to_string(id) + ":");
  for (int id = 5; id <= 40; ++id) CHECK(post(listener.port(), body_of(std::to_string(id))) == 200);
  for (int id = 5; id <= 40; ++id) {
    gate.let_through(1);
    listener.wait_for_error("began " + std::to_string(id) + ":");
  }
  gate.let_through(4);
  for (int id = 1; id <= 40; ++id) listener.wait_for_error("ended " + std::to_string(id) + ".");
  CHECK(has(listener.errors(), ":4."));
  CHECK_FALSE(has(listener.errors(), ":5."));
}

TEST_CASE("a command that hangs does not keep the listener, and its delivery waits for the next") {
  const TemporaryFolder home;
  const Gate gate(home.path() / "gate");
  {
    Listener listener(home.path(),
                      {"--store", "store", "--exec", "echo began; exec 2> /dev/null >&2; read line < gate"});
    CHECK(post(listener.port(), body_of("a")) == 200);
    listener.wait_for_error("began");
    listener.send(SIGTERM);
    CHECK(listener.wait() == 143);
  }
  Listener listener(home.path(), {"--store", "store", "--exec", "cat; echo"});
  listener.wait_for_error(body_of("a"));
}

TEST_CASE("what a command says while the listener ends is told") {
  const TemporaryFolder home;
  const Gate gate(home.path() / "gate");
  Listener listener(home.path(), {"--exec", "echo began; read line < gate; exit 3"});
  CHECK(post(listener.port(), body_of("a")) == 200);
  listener.wait_for_error("began");
  listener.send(SIGTERM);
  for (int i = 0; Caller(listener.port()).connected() && i < 100'000; ++i) std::this_thread::yield();
  gate.let_through(1);
  CHECK(listener.wait() == 143);
  CHECK(has(listener.errors(), "the command ended with status 3"));
}

TEST_CASE("without a store a delivery for which there is no room is answered 503, and taken later") {
  const TemporaryFolder home;
  const Gate gate(home.path() / "gate");
  Listener listener(home.path(), {"--exec", "echo began; read line < gate"});
  const std::string padding = ",\"padding\":\"" + std::string(1'000'000, 'x') + "\"";
  std::vector<std::string> bodies;
  for (int status = 200; status == 200 && bodies.size() < 100;) {
    bodies.push_back(body_of(std::to_string(bodies.size())));
    bodies.back().insert(bodies.back().size() - 1, padding);
    status = post(listener.port(), bodies.back());
    if (status != 200) CHECK(status == 503);
  }
  CHECK(bodies.size() < 30);
  listener.wait_for_error("answered 503");
  gate.let_through(100);
  int tries = 0;
  while (post(listener.port(), bodies.back()) != 200 && ++tries < 1000) std::this_thread::yield();
  CHECK(tries < 1000);
  listener.send(SIGTERM);
  CHECK(listener.wait() == 143);
  const std::string printed = listener.output();
  CHECK(static_cast<std::size_t>(std::count(printed.begin(), printed.end(), '\n')) == bodies.size());
}

TEST_CASE("a subscription of the listener's own is signed, and gone at the end") {
  const TemporaryFolder home;
  const program::Sandbox sandbox;
  const program::Environment api{{"BOOKAFY_API_URL", sandbox.url()}, {"BOOKAFY_TOKEN", "sandbox-owner"}};
  auto subscriptions = [&] {
    program::Command command{{built::program, "list", "-o", "uri"}, program::poisoned_environment(home.path()), ""};
    for (const auto& [name, value] : api) command.environment[name] = value;
    const auto outcome = program::run(command);
    REQUIRE(outcome.status == 0);
    return std::count(outcome.out.begin(), outcome.out.end(), '\n');
  };
  const std::vector<std::string> options{"--subscribe", "https://tunnel.example.org/in"};
  {
    Listener killed(home.path(), options, api);
    killed.wait_for_error("subscribed https://tunnel.example.org/in");
    CHECK(subscriptions() == 1);
    CHECK(post(killed.port(), body_of("a")) == 401);
    killed.send(SIGKILL);
    killed.wait();
  }
  CHECK(subscriptions() == 1);
  Listener other(home.path(), {"--subscribe", "https://other.example.org/in"}, api);
  other.wait_for_error("left behind by an earlier listener");
  other.wait_for_error("subscribed https://other.example.org/in");
  Listener second(home.path(), options, api);
  second.wait_for_error("subscribed https://tunnel.example.org/in");
  CHECK(subscriptions() == 2);  // a living listener's is left alone
  second.send(SIGTERM);
  CHECK(second.wait() == 143);
  CHECK(subscriptions() == 1);
  other.send(SIGINT);
  CHECK(other.wait() == 130);
  CHECK(subscriptions() == 0);
  CHECK(std::filesystem::is_empty(home.path() / "state" / "bookafy"));
}

TEST_CASE("stored deliveries are sent again, freshly signed and in order") {
  const TemporaryFolder home;
  home.write("key", "bk_demo_signing_key_0001");
  {
    Listener first(home.path(), {"--store", "store"});
    for (const char* event : {"invitee.created", "invitee.canceled"})
      CHECK(post(first.port(), body_of("a", event)) == 200);
    first.send(SIGTERM);
    first.wait();
  }
  Listener second(home.path(), {"--signing-key-file", "key", "--store", "copy"});
  const auto sent = lines_of(home, {"deliveries", "--store", "store", "--replay", second.url(), "--signing-key-file",
                                    "key", "-o", "tsv", "--fields", "event"});
  CHECK(sent == std::vector<std::string>{"event", "invitee.created", "invitee.canceled"});
  CHECK(second.wait_for_output("invitee.canceled") == body_of("a") + "\n" + body_of("a", "invitee.canceled") + "\n");
}
