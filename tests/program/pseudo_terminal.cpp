#include "program/pseudo_terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace program {
namespace {

constexpr int longest_silence_ms = 20'000;

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

[[noreturn]] void fail_without_terminal() {
  throw std::runtime_error("no pseudo-terminal is available (" + std::generic_category().message(errno) +
                           "); mount devpts at /dev/pts");
}

/// Types each entry when its turn comes, until the other side is closed.
void converse(int screen, pid_t child, const std::vector<Typed>& typed, std::string& text) {
  auto next = typed.begin();
  std::size_t searched = 0;
  std::string keys;
  std::array<char, 4096> piece{};
  while (true) {
    const auto wanted = static_cast<short>(keys.empty() ? POLLIN : POLLIN | POLLOUT);
    pollfd entry{.fd = screen, .events = wanted, .revents = 0};
    if (poll(&entry, 1, longest_silence_ms) != 1) throw std::runtime_error("nothing happens after:\n" + text);
    if ((entry.revents & POLLOUT) != 0) {
      // A terminal takes only a few thousand bytes before they are read.
      const auto count = write(screen, keys.data(), std::min<std::size_t>(keys.size(), 1024));
      if (count > 0) keys.erase(0, static_cast<std::size_t>(count));
    }
    if ((entry.revents & (POLLIN | POLLHUP)) == 0) continue;
    const auto count = read(screen, piece.data(), piece.size());
    if (count <= 0) break;  // EIO: the other side is closed
    text.append(piece.data(), static_cast<std::size_t>(count));
    if (next == typed.end()) continue;
    const auto found = text.find(next->after, searched);
    if (found == std::string::npos) continue;
    searched = found + next->after.size();
    if (next->signal != 0) kill(child, next->signal);
    keys += next->keys;
    ++next;
  }
  if (next != typed.end()) throw std::runtime_error("did not appear: " + next->after + "\nbut:\n" + text);
}

}  // namespace

void require_pseudo_terminal() {
  int screen = -1;
  int line = -1;
  if (openpty(&screen, &line, nullptr, nullptr, nullptr) != 0) fail_without_terminal();
  close(screen);
  close(line);
}

Screen run_in_terminal(std::vector<std::string> argv, const Environment& environment, const std::vector<Typed>& typed) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const winsize size{.ws_row = 24, .ws_col = 60, .ws_xpixel = 0, .ws_ypixel = 0};
  const auto arguments = pointers(argv);
  const auto strings = pointers(variables);
  int screen = -1;
  const pid_t child = forkpty(&screen, nullptr, nullptr, &size);
  if (child < 0) fail_without_terminal();
  if (child == 0) {
    execvpe(arguments[0], arguments.data(), strings.data());
    _exit(127);
  }
  Screen result;
  const auto finish = [&] {
    int status = 0;
    termios mode{};
    result.echoes = tcgetattr(screen, &mode) == 0 && (mode.c_lflag & ECHO) != 0;
    waitpid(child, &status, 0);
    close(screen);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  };
  try {
    converse(screen, child, typed, result.text);
  } catch (...) {
    kill(child, SIGKILL);
    finish();
    throw;
  }
  finish();
  return result;
}

}  // namespace program
