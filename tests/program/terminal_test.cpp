// What the program does when a person sits at a terminal: a pseudo-terminal of 60 columns here.
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "built.hpp"
#include "catch.hpp"
#include "program/process.hpp"

namespace {

struct Typed {
  std::string after;  ///< once this is on the screen
  std::string keys;
};

struct Screen {
  int status = -1;
  std::string text;
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
      REQUIRE(write(screen, next->keys.data(), next->keys.size()) == static_cast<ssize_t>(next->keys.size()));
      ++next;
    }
    CHECK(next == typed.end());
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
