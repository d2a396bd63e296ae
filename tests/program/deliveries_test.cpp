// The sandbox as a real process delivers to real receivers.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <regex>
#include <set>

#include "api/codec.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "program/canned_server.hpp"
#include "program/running.hpp"

using bookafy::Value;
using program::CannedServer;
using program::Listener;
using program::TemporaryFolder;

namespace {

/// `bookafy sandbox` on a free port, or again on the one it had.
class DeliveringSandbox : public program::Running {
 public:
  DeliveringSandbox(const std::filesystem::path& home, const std::vector<std::string>& options, int port = 0)
      : Running([&] {
          program::Command command{
              {built::program, "sandbox", "--rate-limit", "1000000", "--bind", "127.0.0.1:" + std::to_string(port)},
              program::poisoned_environment(home),
              "",
              home};
          command.argv.insert(command.argv.end(), options.begin(), options.end());
          return command;
        }()) {
    const std::string said = wait_for_output("# owner\n");
    std::smatch match;
    REQUIRE(std::regex_search(said, match, std::regex(R"(BOOKAFY_API_URL=http://127\.0\.0\.1:([0-9]+) )")));
    port_ = std::stoi(match[1]);
  }
  int port() const { return port_; }

 private:
  int port_ = 0;
};

/// A user's shell beside a sandbox.
struct Shell {
  Shell(const std::filesystem::path& given_home, int port) : home(given_home) {
    environment = program::poisoned_environment(home);
    environment["BOOKAFY_API_URL"] = "http://127.0.0.1:" + std::to_string(port);
    environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  }

  program::Outcome run(const std::vector<std::string>& arguments) const {
    program::Command command{{built::program}, environment, "", home};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    return program::run(command);
  }

  /// Standard output of what must succeed, without the last newline.
  std::string out(const std::vector<std::string>& arguments) const {
    const auto outcome = run(arguments);
    INFO(arguments.front() << '\n' << outcome.err);
    REQUIRE(outcome.status == 0);
    return outcome.out.substr(0, outcome.out.find_last_not_of('\n') + 1);
  }

  Value json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"-o", "json"});
    return bookafy::codec::decode(out(arguments));
  }

  /// Asks until the answer is as it should be; each asking takes a process, so that it spins for nobody.
  template <typename Test>
  Value json_until(const std::vector<std::string>& arguments, const Test& test) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
      Value answer = json(arguments);
      if (test(answer)) return answer;
      INFO(bookafy::codec::encode(answer));
      REQUIRE(std::chrono::steady_clock::now() < end);
    }
  }

  std::filesystem::path home;
  program::Environment environment;
};

/// A listener on a port that it knows from the start.
class StartedLater : public program::Running {
 public:
  StartedLater(const std::filesystem::path& home, int port, const std::vector<std::string>& options)
      : Running([&] {
          program::Command command{{built::program, "listen", "--bind", "127.0.0.1:" + std::to_string(port)},
                                   program::poisoned_environment(home),
                                   "",
                                   home};
          command.argv.insert(command.argv.end(), options.begin(), options.end());
          return command;
        }()) {
    wait_for_error("listening on");
  }
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

const std::vector<std::string> log_of{"api", "/sandbox/deliveries"};

bool all_are(const Value& log, std::string_view state, std::size_t size) {
  const auto& rows = *log.find("collection")->array();
  return rows.size() == size &&
         std::all_of(rows.begin(), rows.end(), [&](const Value& row) { return row.text_at("state") == state; });
}

}  // namespace

TEST_CASE("book, cancel and reschedule arrive, signed, and become bookings") {
  const TemporaryFolder home;
  home.write("key", "bk_demo_signing_key_0001\n");
  DeliveringSandbox sandbox(home.path(), {});
  const Shell shell(home.path(), sandbox.port());
  Listener listener(home.path(), {"--signing-key-file", "key", "--store", "store"});
  shell.out({"create", "--url", listener.url(), "-e", "invitee.created,invitee.canceled", "--scope", "organization",
             "--signing-key-file", "key"});

  const std::string stays = shell.out({"trigger", "book", "-o", "uri"});
  const std::string leaves =
      shell.out({"trigger", "book", "--host", "a8098c1a-f86e-41da-bd1a-00112444be1e", "-o", "uri"});
  const std::string moves = shell.out({"trigger", "book", "-o", "uri"});
  const Value canceled = shell.json({"trigger", "cancel", leaves});
  CHECK(canceled.text_at("uri") == leaves);
  CHECK(canceled.text_at("status") == "canceled");
  const Value moved = shell.json({"trigger", "reschedule", moves});
  CHECK(moved.text_at("old_invitee") == moves);
  // 3 bookings, a cancellation, and two for the reschedule.
  shell.json_until(log_of, [](const Value& log) { return all_are(log, "delivered", 6); });

  CHECK(shell.out({"bookings", "--store", "store", "--status", "canceled", "-o", "uri"}) == leaves);
  CHECK(shell.out({"bookings", "--store", "store", "--status", "rescheduled", "-o", "uri"}) == moves);
  const std::string active = shell.out({"bookings", "--store", "store", "--status", "active", "-o", "uri"});
  CHECK(count(active, "\n") == 1);
  CHECK(count(active, stays) == 1);
  CHECK(count(active, moved.text_at("uri")) == 1);
  listener.send(SIGTERM);
  listener.wait();
  CHECK(count(listener.output(), R"("rescheduled":true)") == 1);
}

TEST_CASE("forms and no-shows arrive as well") {
  const TemporaryFolder home;
  DeliveringSandbox sandbox(home.path(), {});
  const Shell shell(home.path(), sandbox.port());
  const CannedServer receiver({program::http_answer(204, "")});
  shell.out({"create", "--url", receiver.url(), "-e", "routing_form_submission.created,invitee_no_show.created",
             "--scope", "organization"});
  const std::string submission = shell.out({"trigger", "submit-form", "-o", "uri"});
  const std::string invitee = shell.out({"trigger", "book", "-o", "uri"});
  const std::string no_show = shell.out({"trigger", "no-show", invitee, "-o", "uri"});
  shell.json_until(log_of, [](const Value& log) { return all_are(log, "delivered", 2); });
  std::string received;
  for (const auto& request : receiver.requests()) {
    CHECK(request.starts_with("POST / HTTP/1.1\r\n"));
    CHECK(request.find("\r\nUser-Agent: Bookafy\r\n") != std::string::npos);
    CHECK(request.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
    CHECK(request.find("\r\nAccept-Encoding: gzip\r\n") != std::string::npos);
    CHECK(request.find("Signature") == std::string::npos);
    received += request;
  }
  CHECK(count(received, submission) == 1);
  CHECK(count(received, no_show) == 1);
}

TEST_CASE("with a fast clock the day of retries passes, and the subscription is disabled") {
  const TemporaryFolder home;
  DeliveringSandbox sandbox(home.path(), {"--clock-speed", "40000"});
  const Shell shell(home.path(), sandbox.port());
  // A redirect is a failure, and where it leads nobody goes.
  const CannedServer elsewhere({program::http_answer(200, "")});
  const CannedServer receiver({program::http_answer(302, "", "Location: " + elsewhere.url() + "/\r\n")});
  shell.out({"create", "--url", receiver.url() + "/hook", "-e", "invitee.created"});
  shell.out({"trigger", "book"});
  shell.json_until({"list"}, [](const Value& list) { return list.array()->front().text_at("state") == "disabled"; });
  CHECK(elsewhere.requests().empty());
  const Value log = shell.json(log_of);
  CHECK(all_are(log, "abandoned", 1));
  const auto attempts = log.at_path("collection.0.attempts")->array()->size();
  CHECK(attempts >= 2);
  CHECK(receiver.requests().size() == attempts);
  CHECK(shell.run({"check"}).status != 0);
}

TEST_CASE("a receiver that does not answer holds up neither the API nor other subscribers") {
  const TemporaryFolder home;
  DeliveringSandbox sandbox(home.path(), {});
  const Shell shell(home.path(), sandbox.port());
  // Connections to it are accepted by the kernel and never served: its one thread waits for the rest of a request.
  const CannedServer silent({program::http_answer(200, "")});
  const program::Caller holder(std::stoi(silent.url().substr(silent.url().rfind(':') + 1)));
  holder.send("POST / HTTP/1.1\r\n");
  const CannedServer quick({program::http_answer(200, "")});
  shell.out({"create", "--url", silent.url(), "-e", "invitee.created"});
  shell.out({"create", "--url", quick.url(), "-e", "invitee.created"});
  for (int i = 0; i < 6; ++i) shell.out({"trigger", "book"});
  shell.json_until({"api", "/sandbox/deliveries?state=delivered"},
                   [](const Value& log) { return all_are(log, "delivered", 6); });
  CHECK(all_are(shell.json({"api", "/sandbox/deliveries?state=pending"}), "pending", 6));
}

TEST_CASE("what a killed sandbox owed arrives after its next start") {
  const TemporaryFolder home;
  int port = 0;
  std::string invitee;
  // Nobody listens there until the sandbox was killed.
  int receiver_port = 0;
  {
    Listener placeholder(home.path(), {});
    receiver_port = placeholder.port();
  }
  {
    DeliveringSandbox sandbox(home.path(), {"--data", "world.db", "--clock-speed", "600"});
    port = sandbox.port();
    const Shell shell(home.path(), port);
    shell.out({"create", "--url", "http://127.0.0.1:" + std::to_string(receiver_port), "-e", "invitee.created"});
    invitee = shell.out({"trigger", "book", "-o", "uri"});
    shell.json_until({"list"},
                     [](const Value& list) { return !list.array()->front().text_at("retry_started_at").empty(); });
    sandbox.send(SIGKILL);
    CHECK(sandbox.wait() == 137);
  }
  StartedLater listener(home.path(), receiver_port, {});
  DeliveringSandbox sandbox(home.path(), {"--data", "world.db", "--clock-speed", "600"}, port);
  listener.wait_for_output(invitee);
  const Shell shell(home.path(), port);
  shell.json_until({"list"}, [](const Value& list) {
    const Value& subscription = list.array()->front();
    return subscription.text_at("state") == "active" && subscription.find("retry_started_at")->is_null();
  });
}

TEST_CASE("what happens while the listener is down arrives when it is back, each once") {
  const TemporaryFolder home;
  DeliveringSandbox sandbox(home.path(), {"--clock-speed", "600"});
  const Shell shell(home.path(), sandbox.port());
  std::string canceled, booked;
  int port = 0;
  {
    Listener killed(home.path(), {"--store", "store"});
    port = killed.port();
    shell.out({"create", "--url", killed.url(), "-e", "invitee.created,invitee.canceled"});
    canceled = shell.out({"trigger", "book", "-o", "uri"});
    killed.wait_for_output(canceled);
    killed.send(SIGKILL);
    CHECK(killed.wait() == 137);
  }
  booked = shell.out({"trigger", "book", "-o", "uri"});
  shell.out({"trigger", "cancel", canceled});
  const StartedLater back(home.path(), port, {"--store", "store"});
  shell.json_until(log_of, [](const Value& log) { return all_are(log, "delivered", 3); });
  CHECK(count(shell.out({"deliveries", "--store", "store", "-o", "uri"}) + "\n", "\n") == 3);
  CHECK(shell.out({"bookings", "--store", "store", "--status", "active", "-o", "uri"}) == booked);
  CHECK(shell.out({"bookings", "--store", "store", "--status", "canceled", "-o", "uri"}) == canceled);
}

TEST_CASE("a reschedule is joined whichever of its deliveries comes first") {
  for (const bool cancellation_first : {false, true}) {
    const TemporaryFolder home;
    DeliveringSandbox sandbox(home.path(), {"--clock-speed", "600"});
    const Shell shell(home.path(), sandbox.port());
    const std::string first = cancellation_first ? "invitee.canceled" : "invitee.created";
    const std::string second = cancellation_first ? "invitee.created" : "invitee.canceled";
    // A listener an event, of one store; the second begins when the first has all of its own.
    const int later_port = Listener(home.path(), {}).port();
    Listener listener(home.path(), {"--store", "store"});
    shell.out({"create", "--url", listener.url(), "-e", first});
    shell.out({"create", "--url", "http://127.0.0.1:" + std::to_string(later_port), "-e", second});
    const std::string moves = shell.out({"trigger", "book", "-o", "uri"});
    const std::string moved = shell.json({"trigger", "reschedule", moves}).text_at("uri");
    const std::size_t own = cancellation_first ? 1 : 2;
    shell.json_until({"api", "/sandbox/deliveries?state=delivered"},
                     [&](const Value& log) { return all_are(log, "delivered", own); });
    const StartedLater later(home.path(), later_port, {"--store", "store"});
    shell.json_until(log_of, [](const Value& log) { return all_are(log, "delivered", 3); });

    const Value received = shell.json({"deliveries", "--store", "store"});
    CHECK(received.array()->front().text_at("event") == first);
    CHECK(received.array()->back().text_at("event") == second);
    const Value old = shell.json({"bookings", "--store", "store", "--status", "rescheduled"});
    REQUIRE(old.array()->size() == 1);
    CHECK(old.array()->front().text_at("uri") == moves);
    CHECK(old.array()->front().text_at("new_invitee") == moved);
    const Value active = shell.json({"bookings", "--store", "store", "--status", "active"});
    REQUIRE(active.array()->size() == 1);
    CHECK(active.array()->front().text_at("uri") == moved);
    CHECK(active.array()->front().text_at("old_invitee") == moves);
  }
}

TEST_CASE("bookings --sync fills the gaps, again without effect, and beside a listener that goes on") {
  const TemporaryFolder home;
  DeliveringSandbox sandbox(home.path(), {});
  const Shell shell(home.path(), sandbox.port());
  std::string stays, leaves, moves;
  {
    Listener stopped(home.path(), {"--store", "store"});
    const std::string subscription =
        shell.out({"create", "--url", stopped.url(), "-e", "invitee.created,invitee.canceled", "-o", "uri"});
    for (std::string* invitee : {&stays, &leaves, &moves}) {
      *invitee = shell.out({"trigger", "book", "-o", "uri"});
      stopped.wait_for_output(*invitee);
    }
    shell.out({"delete", subscription});
    stopped.send(SIGTERM);
    CHECK(stopped.wait() == 143);
  }
  const std::string missed = shell.out({"trigger", "book", "-o", "uri"});
  shell.out({"trigger", "cancel", leaves});
  const std::string moved = shell.json({"trigger", "reschedule", moves}).text_at("uri");

  const Listener listener(home.path(), {"--store", "store"});
  std::atomic<bool> synced{false};
  std::vector<std::string> told;
  std::set<int> statuses;
  std::thread sender([&] {
    while (!synced) {
      const std::string uri = "https://api.bookafy.com/scheduled_events/e/invitees/" + std::to_string(told.size());
      const std::string body =
          R"({"created_at":"t","event":"invitee.created","payload":{"status":"active","uri":")" + uri + R"("}})";
      statuses.insert(program::Caller(listener.port()).post(body));
      told.push_back(uri);
    }
  });
  for (int i = 0; i < 5; ++i) CHECK(shell.run({"bookings", "--store", "store", "--sync"}).status == 0);
  synced = true;
  sender.join();
  CHECK(statuses == std::set{200});
  CHECK(told.size() > 1);

  const Value rows = shell.json({"bookings", "--store", "store", "--sync"});
  CHECK(shell.json({"bookings", "--store", "store", "--sync"}) == rows);
  const auto of = [&](const std::string& uri) {
    for (const Value& row : *rows.array())
      if (row.text_at("uri") == uri) return row;
    return Value();
  };
  CHECK(of(stays).text_at("status") == "active");
  CHECK(of(stays).text_at("source") == "delivery");
  CHECK(of(leaves).text_at("status") == "canceled");
  CHECK(of(moves).text_at("status") == "rescheduled");
  CHECK(of(moves).text_at("new_invitee") == moved);
  CHECK(of(moved).text_at("status") == "active");
  CHECK(of(moved).text_at("old_invitee") == moves);
  CHECK(of(moved).text_at("source") == "api");
  CHECK(of(missed).text_at("source") == "api");
  for (const std::string& uri : told) CHECK(of(uri).text_at("status") == "active");
}

TEST_CASE("a sandbox whose disk is full says so once, and delivers what it acknowledged when there is room again") {
  const TemporaryFolder home;
  const CannedServer receiver({program::http_answer(500, "")});
  std::size_t booked = 0;
  int port = 0;
  {
    // Files of this process may have 1 MiB.
    program::Command command{
        {"sh", "-c", "ulimit -f 1024; exec bookafy sandbox --rate-limit 1000000 --data world.db --bind 127.0.0.1:0"},
        program::poisoned_environment(home.path()),
        "",
        home.path()};
    program::Running sandbox(command);
    const std::string said = sandbox.wait_for_output("# owner\n");
    std::smatch match;
    REQUIRE(std::regex_search(said, match, std::regex(R"(http://127\.0\.0\.1:([0-9]+) )")));
    port = std::stoi(match[1]);
    const Shell shell(home.path(), port);
    shell.out({"create", "--url", receiver.url(), "-e", "invitee.created"});
    program::Caller caller(port);
    int status = 201;
    while (status == 201) {
      REQUIRE(booked < 2000);
      caller.send(
          "POST /sandbox/bookings HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer sandbox-owner\r\n"
          "Content-Length: 0\r\n\r\n");
      status = caller.status();
      if (status == 201) ++booked;
    }
    CHECK(status == 500);
    const std::string errors = sandbox.wait_for_error("deliveries wait: ");
    CHECK(errors.find("world.db") != std::string::npos);
    sandbox.send(SIGTERM);
    CHECK(sandbox.wait() == 143);
    CHECK(count(sandbox.errors(), "deliveries wait: ") == 1);
  }
  DeliveringSandbox sandbox(home.path(), {"--data", "world.db", "--clock-speed", "600"}, port);
  const Shell shell(home.path(), port);
  CHECK(booked > 0);
  std::set<std::string> told;
  for (std::string page = "/sandbox/deliveries?count=100"; !page.empty();) {
    const Value answer = shell.json({"api", page});
    for (const Value& row : *answer.find("collection")->array()) told.insert(row.text_at("uri"));
    page = answer.find("pagination")->text_at("next_page");
    if (!page.empty()) page = page.substr(page.find("/sandbox"));
  }
  CHECK(told.size() == booked);
}

TEST_CASE("what makes a sandbox deliver says so where there is none") {
  const TemporaryFolder home;
  const CannedServer api({program::http_answer(
      404, R"({"title":"Resource Not Found","message":"The server could not find the requested resource."})")});
  Shell shell(home.path(), 0);
  shell.environment["BOOKAFY_API_URL"] = api.url();
  const auto outcome = shell.run({"trigger", "book"});
  CHECK(outcome.status == 5);
  CHECK(outcome.err.find("hint: only a sandbox can do this") != std::string::npos);

  struct Row {
    std::vector<std::string> arguments;
    std::string said;
  };
  for (const Row& row : std::vector<Row>{
           {{"cancel"}, "wants the URI of an invitee"},
           {{"cancel", "x"}, "is not the URI of one invitee"},
           {{"book", "a/b"}, "takes no invitee"},
           {{"book", "--host", "/organizations/x"}, "is not the URI of one user"},
           {{"cancel", "a/b", "--host", "u"}, "--host goes with trigger book"},
           {{"book", "--to", "http://127.0.0.1:1"}, "do not go with it"},
           {{"invitee.created", "a/b", "--to", "http://127.0.0.1:1"}, "does not go with a sample"},
           {{"invitee.created", "--host", "u", "--to", "http://127.0.0.1:1"}, "does not go with a sample"}}) {
    std::vector<std::string> arguments{"trigger"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const auto refused = shell.run(arguments);
    INFO(refused.err);
    CHECK(refused.status == 2);
    CHECK(refused.err.find(row.said) != std::string::npos);
  }
  CHECK(api.requests().size() == 1);
}
