// What the program does when a person sits at a terminal: a pseudo-terminal of 60 columns here.
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>

#include "built.hpp"
#include "catch.hpp"
#include "program/canned_server.hpp"
#include "program/process.hpp"

namespace {

struct Typed {
  std::string after;  ///< once this is on the screen
  std::string keys;
  int signal = 0;  ///< sent instead of keys
};

struct Screen {
  int status = -1;
  std::string text;
  bool echoes = false;  ///< what is typed, after the end
};

class Terminal {
 public:
  program::TemporaryFolder home;
  program::Sandbox sandbox;
  program::Environment environment = program::poisoned_environment(home.path());

  Terminal() {
    environment["BOOKAFY_API_URL"] = sandbox.url();
    environment["TERM"] = "xterm";
  }

  Screen run(std::vector<std::string> argv, const std::vector<Typed>& typed = {}) {
    argv.insert(argv.begin(), built::program);
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
    winsize size{.ws_row = 24, .ws_col = 60, .ws_xpixel = 0, .ws_ypixel = 0};
    int screen = -1;
    const auto arguments = pointers(argv);
    const auto strings = pointers(variables);
    const pid_t child = forkpty(&screen, nullptr, nullptr, &size);
    if (child == 0) {
      execve(built::program, arguments.data(), strings.data());
      _exit(127);
    }
    Screen result;
    auto next = typed.begin();
    std::array<char, 4096> piece{};
    pollfd entry{.fd = screen, .events = POLLIN, .revents = 0};
    while (poll(&entry, 1, 20'000) == 1) {
      const auto count = read(screen, piece.data(), piece.size());
      if (count <= 0) break;  // EIO: the other side is closed
      result.text.append(piece.data(), static_cast<std::size_t>(count));
      if (next == typed.end() || result.text.find(next->after) == std::string::npos) continue;
      if (next->signal != 0) kill(child, next->signal);
      REQUIRE(write(screen, next->keys.data(), next->keys.size()) == static_cast<ssize_t>(next->keys.size()));
      ++next;
    }
    CHECK(next == typed.end());
    termios mode{};
    result.echoes = tcgetattr(screen, &mode) == 0 && (mode.c_lflag & ECHO) != 0;
    int status = 0;
    waitpid(child, &status, 0);
    close(screen);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
  }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (std::string& text : strings) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }
};

bool has(const Screen& screen, const std::string& text) { return screen.text.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("login asks for the token and does not show it") {
  Terminal terminal;
  const Screen screen = terminal.run({"login"}, {{"not shown", "sandbox-owner\n"}});
  INFO(screen.text);
  CHECK(screen.status == 0);
  CHECK(has(screen, "logged in"));
  CHECK_FALSE(has(screen, "sandbox-owner"));
  CHECK(terminal.run({"whoami"}).status == 0);

  terminal.environment["CI"] = "true";
  const Screen unattended = terminal.run({"login"});
  CHECK(unattended.status == 2);
  CHECK_FALSE(has(unattended, "not shown"));
}

TEST_CASE("a signal ends a question, and what is typed is shown again") {
  Terminal terminal;
  for (const Typed& end : {Typed{"not shown", "\x03"}, Typed{"not shown", "", SIGTERM}}) {
    const Screen screen = terminal.run({"login"}, {end});
    INFO(screen.text);
    CHECK(screen.status == 128 + (end.signal == 0 ? SIGINT : end.signal));
    CHECK(screen.echoes);
    CHECK_FALSE(has(screen, "error"));
  }
}

TEST_CASE("nothing that a server says reaches the terminal raw") {
  Terminal terminal;
  // Clears the screen, turns the text round, sets the title (C1), rings.
  const std::string hostile = "\x1b[2J\u202e\xc2\x9d;t\xc2\x9c\a\x7f";
  const std::string escaped = R"(\u001b[2J\u202e\u009d;t\u009c\u0007\u007f)";
  const std::string row = R"({"uri":"u)" + escaped + R"(","callback_url":"c)" + escaped + R"(","events":["e)" +
                          escaped + R"("],"state":")" + escaped + R"(","scope":"s","name":")" + escaped + R"(","x)" +
                          escaped + R"(":{"y":[")" + escaped + "\"]}}";
  const std::string headers = "X-Request-Id: r" + hostile + "\r\nX-Evil: v" + hostile + "\r\n";
  const std::string refusal = R"({"title":"t)" + escaped + R"(","message":"m)" + escaped +
                              R"(","details":[{"parameter":"p)" + escaped + R"(","message":"d)" + escaped +
                              R"("}],"required_scopes":["q)" + escaped + "\"]}";
  terminal.environment["BOOKAFY_TOKEN"] = "canned-token";
  terminal.environment["NO_COLOR"] = "1";
  const auto check = [&](const std::string& answer, std::vector<std::string> arguments) {
    const program::CannedServer server({answer});
    terminal.environment["BOOKAFY_API_URL"] = server.url();
    arguments.insert(arguments.begin(), {"-v", "--max-retries", "0"});
    const Screen screen = terminal.run(arguments);
    INFO(screen.text);
    CHECK(screen.text.size() > 50);
    for (const char* raw : {"\x1b", "\u202e", "\xc2\x9d", "\xc2\x9c", "\a", "\x7f"}) CHECK_FALSE(has(screen, raw));
  };
  for (const std::string format : {"table", "json", "jsonl", "csv", "tsv", "uri"}) {
    INFO(format);
    check(program::http_answer(200, R"({"collection":[)" + row + R"(],"pagination":{"next_page":null}})", headers),
          {"list", "--scope", "organization", "--organization", "o", "-o", format});
    check(program::http_answer(200, R"({"resource":)" + row + "}", headers), {"inspect", "me", "-o", format});
    for (const int status : {400, 401, 403, 404, 409, 500})
      check(program::http_answer(status, refusal, headers), {"inspect", "me", "-o", format});
  }
  check(program::http_answer(200, "<html>" + hostile, headers, "text/html" + hostile), {"inspect", "me"});
  check("HTTP/1.1 200 " + hostile + "\r\nContent-Length: x" + hostile + "\r\n\r\n", {"inspect", "me"});
  check(program::http_answer(302, "", "Location: https://" + hostile + "\r\n"), {"inspect", "me"});
}

TEST_CASE("a delete by filter shows what it matched, and asks") {
  Terminal terminal;
  terminal.environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  REQUIRE(terminal.run({"create", "--url", "https://h.example/asked", "-e", "invitee.created"}).status == 0);

  const Screen no = terminal.run({"delete", "--all"}, {{"[y/N]", "n\n"}});
  INFO(no.text);
  CHECK(no.status == 1);
  CHECK(has(no, "https://h.example/asked"));
  CHECK(has(no, "nothing was deleted"));

  const Screen interrupted = terminal.run({"delete", "--all"}, {{"[y/N]", "\x03"}});
  CHECK(interrupted.status == 130);

  const Screen yes = terminal.run({"delete", "--all"}, {{"[y/N]", "y\n"}});
  CHECK(yes.status == 0);
  CHECK(has(yes, terminal.sandbox.url() + "/webhook_subscriptions/"));
  CHECK(has(terminal.run({"list"}), "no subscriptions"));
}

TEST_CASE("a table is as wide as the terminal and no wider") {
  Terminal terminal;
  terminal.environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  const std::string url = "https://h.example/" + std::string(80, 'x');
  REQUIRE(terminal.run({"create", "--url", url, "-e", "invitee.created", "-o", "uri"}).status == 0);
  const Screen screen = terminal.run({"list", "--fields", "callback_url,state"});
  INFO(screen.text);
  CHECK(screen.status == 0);
  CHECK(has(screen, "…"));
  CHECK_FALSE(has(screen, url));
  CHECK(has(screen, "active"));
}

TEST_CASE("complaints are coloured as the results are") {
  Terminal terminal;
  const std::string red = "\x1b[1;31m";
  CHECK(has(terminal.run({"frobnicate"}), red));
  CHECK(has(terminal.run({"whoami"}), red));
  for (const std::vector<std::string>& plain : {std::vector<std::string>{"whoami", "--color", "never"},
                                                {"frobnicate", "--color", "never"},
                                                {"--color=never", "list", "--no-such-option"}})
    CHECK_FALSE(has(terminal.run(plain), red));
  terminal.environment["NO_COLOR"] = "1";
  CHECK_FALSE(has(terminal.run({"whoami"}), red));
  CHECK(has(terminal.run({"whoami", "--color", "always"}), red));
  CHECK(has(terminal.run({"frobnicate", "--color", "always"}), red));
}
