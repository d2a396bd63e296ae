// Ctrl-C and SIGTERM, whatever the program waits for: the status tells, and so does the account of what was done.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <iterator>
#include <regex>
#include <thread>

#include "built.hpp"
#include "catch.hpp"
#include "delivery/delivery_store.hpp"
#include "faults/server.hpp"
#include "program/running.hpp"

using program::has;
using program::Running;
using program::TemporaryFolder;

namespace delivery = bookafy::delivery;

namespace {

using Arguments = std::vector<std::string>;

program::Command command(const TemporaryFolder& home, const std::string& api, const Arguments& arguments) {
  program::Command made{{built::program}, program::poisoned_environment(home.path()), "", home.path()};
  made.environment["BOOKAFY_TOKEN"] = "token-to-hide";
  made.environment["BOOKAFY_API_URL"] = api;
  made.argv.insert(made.argv.end(), arguments.begin(), arguments.end());
  return made;
}

/// Polls what has no event of its own; false after a good while.
template <typename Condition>
bool comes_true(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    sched_yield();
  }
  return true;
}

int bytes_in(int pipe) {
  int count = 0;
  ioctl(pipe, FIONREAD, &count);
  return count;
}

/// The status after the signal. The program has 20 s for what should take it milliseconds; then it is killed.
int status_after(int signal, Running& program) {
  program.send(signal);
  return program.wait();
}

/// Answers requests on one kept connection by method and number of that method, and sends the program the signal where
/// the answer is empty.
class Script {
 public:
  using Answer = std::function<std::string(const std::string& method, int number)>;

  Script(int signal, Answer answer) : signal_(signal), answer_(std::move(answer)) {}

  program::Outcome run(const Arguments& arguments) {
    const TemporaryFolder home;
    const std::string pid_file = (home.path() / "pid").string();
    const faults::Server server([&](faults::Socket& connection, int) {
      std::map<std::string, int> numbers;
      for (std::string request = connection.receive(); !request.empty(); request = connection.receive()) {
        const std::string method = request.substr(0, request.find(' '));
        while (method == "POST" && !request.ends_with("}")) request += connection.receive();
        const std::string answer = answer_(method, ++numbers[method]);
        if (answer.empty()) return stop(pid_file, connection);
        connection.send(answer);
      }
    });
    program::Command made = command(home, server.url(), arguments);
    made.argv.insert(made.argv.begin(), {"/bin/sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", pid_file});
    return program::run(made);
  }

 private:
  void stop(const std::string& pid_file, const faults::Socket& connection) const {
    pid_t process = 0;
    std::ifstream(pid_file) >> process;
    if (process > 0) kill(process, signal_);
    faults::outlast(connection);
  }

  int signal_;
  Answer answer_;
};

std::string answer(const std::string& status, const std::string& body = "") {
  std::string head = "HTTP/1.1 " + status + "\r\n";
  if (status != "204 Gone")
    head += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return head + "\r\n" + body;
}

const std::string no_answer;
const std::string subscription =
    R"({"resource":{"uri":"https://api.bookafy.com/webhook_subscriptions/s1","callback_url":"https://hooks.test/a",)"
    R"("events":["invitee.created"],"scope":"user","state":"active","organization":"o","user":"u","group":null}})";

}  // namespace

TEST_CASE("a signal during a request leaves a true account") {
  struct Row {
    Arguments arguments;
    Script::Answer answer;
    std::string account;
    std::string printed;
  };
  const auto never = [](const std::string&, int) { return no_answer; };
  const auto third_never = [](const std::string&, int number) { return number < 3 ? answer("204 Gone") : no_answer; };
  const auto only = [](const std::string& answered, const std::string& with) {
    return [=](const std::string& method, int) { return method == answered ? with : no_answer; };
  };
  const Arguments owner{"--organization", "o", "--user", "u"};
  const auto with_owner = [&](Arguments arguments) {
    arguments.insert(arguments.end(), owner.begin(), owner.end());
    return arguments;
  };
  const std::vector<Row> rows{
      {{"inspect", "me"}, never, "", ""},
      {{"list", "--scope", "organization", "--organization", "o"}, never, "", ""},
      {with_owner({"create", "--url", "https://hooks.test/a", "-e", "invitee.created"}), never, "may have been made",
       ""},
      {{"delete", "s1"}, never, "the delete of s1 was under way: it may be gone", ""},
      {{"delete", "--jobs", "1", "s1", "s2", "s3", "s4", "s5"},
       third_never,
       "the delete of s3 was under way: it may be gone; 2 were not begun",
       "/webhook_subscriptions/s1\n.*/webhook_subscriptions/s2\n"},
      {{"replace", "s1", "-e", "invitee.canceled"},
       [](const std::string& method, int) {
         return method == "GET" ? answer("200 OK", subscription) : method == "DELETE" ? answer("204 Gone") : no_answer;
       },
       "webhook_subscriptions/s1 is gone, and the create of the new one was under way; if bookafy list shows none of "
       "https://hooks.test/a, make it: bookafy create --url 'https://hooks.test/a'",
       ""},
      {{"replace", "s1", "--url", "https://hooks.test/b"},
       [](const std::string& method, int) {
         return method == "GET"    ? answer("200 OK", subscription)
                : method == "POST" ? answer("201 Made", std::regex_replace(subscription, std::regex("s1"), "s2"))
                                   : no_answer;
       },
       "the new subscription https://api.bookafy.com/webhook_subscriptions/s2 was made; "
       "https://api.bookafy.com/webhook_subscriptions/s1 may still be there",
       ""},
      {{"inspect", "--jobs", "1", "s1", "s2", "-o", "jsonl"},
       [](const std::string&, int number) { return number == 1 ? answer("200 OK", subscription) : no_answer; },
       "",
       R"(\{"uri":"https://api.bookafy.com/webhook_subscriptions/s1".*\}\n)"},
      {with_owner({"create", "--url", "https://hooks.test/a", "-e", "invitee.created"}),
       only("POST", answer("500 Oops", "{}")), "may have been made", ""},
  };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    for (const auto& row : rows) {
      INFO(signal << " during " << row.arguments.front() << " " << row.arguments.at(1));
      const auto outcome = Script(signal, row.answer).run(row.arguments);
      INFO(outcome.out << outcome.err);
      CHECK(!outcome.timed_out);
      CHECK(outcome.status == 128 + signal);
      CHECK(std::regex_match(outcome.out, std::regex("(.*" + row.printed + ")?")));
      CHECK(outcome.out.empty() == row.printed.empty());
      CHECK(has(outcome.err, row.account));
      CHECK(has(outcome.err, "interrupted: ") == !row.account.empty());
      CHECK_FALSE(has(outcome.err, "error"));
    }
  }
}

TEST_CASE("a signal ends a wait for the rate limit and between two tries") {
  struct Row {
    std::string name, answer, said;
  };
  for (const auto& row : std::vector<Row>{
           {"rate limit", answer("429 Slow\r\nRetry-After: 100", "{}"), "rate limit reached; waiting 100 s"},
           {"asked for", answer("503 Busy\r\nRetry-After: 100", "{}"), "503; trying again in 100.0 s"},
           {"back-off", "", "(5 of 100)"},
       }) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      INFO(row.name << ", " << signal);
      const TemporaryFolder home;
      const faults::Server server(faults::raw(row.answer));
      Running program(command(home, server.url(), {"--max-retries", "100", "inspect", "me"}));
      program.wait_for_error(row.said);
      CHECK(status_after(signal, program) == 128 + signal);
      CHECK(program.output().empty());
      CHECK_FALSE(has(program.errors(), "error"));
    }
  }
}

TEST_CASE("a signal ends a wait for a connection") {
  // The queue of a listener that accepts nobody: once it is full, the kernel ignores who else calls.
  const faults::Socket listener = faults::Socket::listening();
  REQUIRE(listen(listener.descriptor(), 0) == 0);
  const std::string port = std::to_string(listener.port());
  const faults::Socket in_the_queue = faults::Socket::connected_to(listener.port());
  const auto is_calling = [&] {
    std::ifstream table("/proc/net/tcp");
    const std::string text{std::istreambuf_iterator<char>(table), {}};
    std::array<char, 40> entry{};
    snprintf(entry.data(), entry.size(), "0100007F:%04X 02", static_cast<unsigned>(listener.port()));
    return has(text, entry.data());
  };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const TemporaryFolder home;
    Running program(command(home, "http://127.0.0.1:" + port, {"--connect-timeout", "100", "inspect", "me"}));
    REQUIRE(comes_true(is_calling));
    CHECK(status_after(signal, program) == 128 + signal);
    CHECK(program.errors().empty());
    REQUIRE(comes_true([&] { return !is_calling(); }));
  }
  const TemporaryFolder home;
  Running program(
      command(home, "http://127.0.0.1:" + port, {"--connect-timeout", "0.1", "--max-retries", "0", "inspect", "me"}));
  CHECK(program.wait() == 8);
  CHECK(has(program.errors(), "--connect-timeout"));
}

TEST_CASE("a signal ends a TLS handshake and an answer that has begun") {
  for (const std::string scheme : {"https", "http"}) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      INFO(scheme << ", " << signal);
      const TemporaryFolder home;
      std::promise<void> came;
      const faults::Server server([&](faults::Socket& connection, int) {
        connection.receive();
        if (scheme == "http") connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        came.set_value();
        faults::outlast(connection);
      });
      const std::string authority = server.url().substr(server.url().find("://"));
      Running program(command(home, scheme + authority, {"--timeout", "100", "inspect", "me"}));
      came.get_future().wait();
      CHECK(status_after(signal, program) == 128 + signal);
      CHECK(program.errors().empty());
    }
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their own libraries want to be the first loaded
TEST_CASE("a signal ends the look-up of a name") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const TemporaryFolder home;
    program::Command made = command(home, "https://api.bookafy.com", {"--connect-timeout", "100", "inspect", "me"});
    made.environment["LD_PRELOAD"] = built::stalled_resolver;
    Running program(made);
    program.wait_for_error("asked for a name");
    CHECK(status_after(signal, program) == 128 + signal);
    CHECK(program.errors() == "asked for a name\n");
  }
}

TEST_CASE("a deadline does not wait for the look-up of a name") {
  const TemporaryFolder home;
  program::Command made =
      command(home, "https://api.bookafy.com", {"--connect-timeout", "0.1", "--max-retries", "0", "inspect", "me"});
  made.environment["LD_PRELOAD"] = built::stalled_resolver;
  Running program(made);
  CHECK(program.wait() == 8);
}
#endif

TEST_CASE("a signal ends reading, wherever the text comes from") {
  const std::string api = "http://127.0.0.1:1";
  for (const Arguments& arguments : std::vector<Arguments>{
           {"inspect", "-"},
           {"delete", "-"},
           {"--token-file", "-", "inspect", "me"},
           {"--token-file", "pipe", "inspect", "me"},
           {"create", "--url", "https://hooks.test/a", "-e", "invitee.created", "--signing-key-file", "-"},
           {"verify", "--signing-key-file", "key", "--signature", "t=1,v1=0", "-"},
           {"apply", "-"},
           {"api", "POST", "/x", "--input", "-"},
           {"login"},
       }) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      INFO(arguments.front() << " " << arguments.back() << ", " << signal);
      const TemporaryFolder home;
      home.write("key", "k");
      const std::string pipe = (home.path() / "pipe").string();
      REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
      program::Command made = command(home, api, arguments);
      if (arguments.front() == "--token-file") made.environment.erase("BOOKAFY_TOKEN");
      made.argv.insert(made.argv.begin(), {"/bin/sh", "-c", "exec \"$@\" <pipe", "sh"});
      // The file is read by its name, not as standard input.
      if (arguments.size() > 1 && arguments.at(1) == "pipe") made.argv.at(2) = "exec \"$@\" </dev/null";
      Running program(made);
      const int feed = open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
      REQUIRE(write(feed, "half", 4) == 4);
      CHECK(comes_true([&] { return bytes_in(feed) == 0; }));
      CHECK(status_after(signal, program) == 128 + signal);
      CHECK(program.output().empty());
      CHECK_FALSE(has(program.errors(), "error"));
      close(feed);
    }
  }
}

TEST_CASE("a signal ends writing to a reader that takes nothing") {
  std::string page = R"({"collection":[)";
  for (int i = 0; i < 1000; ++i)
    page += R"({"uri":"https://api.bookafy.com/webhook_subscriptions/)" + std::string(200, 'x') + "\"},";
  page.back() = ']';
  page += R"(,"pagination":{"next_page":null}})";
  const faults::Server server(faults::raw(answer("200 OK", page)));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const TemporaryFolder home;
    const std::string pipe = (home.path() / "pipe").string();
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    const faults::Socket reader(open(pipe.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    const int room = fcntl(reader.descriptor(), F_SETPIPE_SZ, 4096);
    program::Command made =
        command(home, server.url(), {"list", "--scope", "organization", "--organization", "o", "-o", "jsonl"});
    made.argv.insert(made.argv.begin(), {"/bin/sh", "-c", "exec \"$@\" >pipe", "sh"});
    Running program(made);
    CHECK(comes_true([&] { return bytes_in(reader.descriptor()) == room; }));
    CHECK(status_after(signal, program) == 128 + signal);
  }
}

TEST_CASE("a signal ends reading a store, also when somebody reads what is printed") {
  const TemporaryFolder home;
  const std::string store = (home.path() / "store").string();
  constexpr int count = 3000;
  {
    const auto stored = delivery::open_store(store);
    stored->begin();
    for (int i = 0; i < count; ++i) {
      std::string problem;
      const auto id = std::to_string(i);
      const auto delivery = delivery::read_delivery(
          R"({"created_at":"t)" + id + R"(","event":"invitee.created","payload":{"name":")" + std::string(1000, 'x') +
              R"(","uri":"https://api.bookafy.com/scheduled_events/e/invitees/)" + id + "\"}}",
          problem);
      REQUIRE(stored->add(*delivery, {}));
    }
    stored->commit();
  }
  for (const std::string command_name : {"bookings", "deliveries"}) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      INFO(command_name << ", " << signal);
      const std::string pipe = (home.path() / (command_name + std::to_string(signal))).string();
      REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
      const faults::Socket reader(open(pipe.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
      const int room = fcntl(reader.descriptor(), F_SETPIPE_SZ, 4096);
      program::Command made = command(home, "", {command_name, "--store", store, "-o", "jsonl"});
      made.argv.insert(made.argv.begin(), {"/bin/sh", "-c", "exec \"$@\" >" + pipe, "sh"});
      Running program(made);
      CHECK(comes_true([&] { return bytes_in(reader.descriptor()) == room; }));
      // Read only then, the pipe cannot have held everything.
      program.send(signal);
      std::atomic<bool> ended{false};
      std::size_t taken = 0;
      std::thread taking([&] {
        std::array<char, 65536> block;
        pollfd entry{.fd = reader.descriptor(), .events = POLLIN, .revents = 0};
        while (!ended || bytes_in(reader.descriptor()) > 0)
          if (poll(&entry, 1, 10) > 0)
            taken +=
                static_cast<std::size_t>(std::max<ssize_t>(0, read(reader.descriptor(), block.data(), block.size())));
      });
      CHECK(program.wait() == 128 + signal);
      ended = true;
      taking.join();
      CHECK(taken < std::size_t{count} * 1000);
    }
  }
}

TEST_CASE("a signal ends the sandbox's command, and the sandbox with it") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const TemporaryFolder home;
    Running program(command(home, "", {"-q", "sandbox", "--", "sh", "-c", "echo begun; exec sleep 100"}));
    program.wait_for_output("begun");
    CHECK(status_after(signal, program) == 128 + signal);
  }
}
