#include "system/terminal.hpp"

#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <string_view>

#include "bookafy/error.hpp"
#include "system/input.hpp"

namespace bookafy::system {
namespace {

constexpr std::string_view paste_begin = "\x1b[200~";
constexpr std::string_view paste_end = "\x1b[201~";
/// Signals that end or stop a process by default, Ctrl-\ and a closed terminal among them.
constexpr std::array ending_signals{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGTSTP};

/// What the handlers need: written before they are installed.
struct HiddenTerminal {
  int descriptor = -1;
  termios shown{};
  termios hidden{};
  const char* prompt = "";
  std::size_t prompt_size = 0;
};
HiddenTerminal hidden_terminal;
std::atomic<bool> is_hidden{false};
std::atomic<bool> was_stopped{false};

void hide_and_prompt() {
  // What was typed before is dropped: whoever sees the prompt may answer.
  tcsetattr(hidden_terminal.descriptor, TCSAFLUSH, &hidden_terminal.hidden);
  [[maybe_unused]] const auto written = write(STDERR_FILENO, hidden_terminal.prompt, hidden_terminal.prompt_size);
}

/// In the background this stops the process again, before anything is shown.
extern "C" void hide_again(int) {
  const int error = errno;
  was_stopped = true;
  is_hidden = true;
  hide_and_prompt();
  errno = error;
}

extern "C" void show_and_take_default(int signal_number) {
  const int error = errno;
  restore_terminal();
  struct sigaction ours {};
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  sigaction(signal_number, &standard, &ours);
  sigset_t only_this;
  sigemptyset(&only_this);
  sigaddset(&only_this, signal_number);
  raise(signal_number);
  pthread_sigmask(SIG_UNBLOCK, &only_this, nullptr);  // here it ends or stops
  sigaction(signal_number, &ours, nullptr);
  if (!is_hidden) hide_again(signal_number);  // a process without a shell to continue it is not stopped
  errno = error;
}

/// The mode of a terminal that shows nothing, and whose lines have no limit of 4095 bytes: editing is ours then.
class HiddenMode {
 public:
  HiddenMode(int descriptor, const std::string& prompt) {
    termios mode{};
    if (tcgetattr(descriptor, &mode) != 0) throw Error(ErrorKind::usage, "cannot read from the terminal");
    hidden_terminal = {descriptor, mode, mode, prompt.data(), prompt.size()};
    hidden_terminal.hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON);
    hidden_terminal.hidden.c_cc[VMIN] = 1;
    hidden_terminal.hidden.c_cc[VTIME] = 0;
    is_hidden = true;
    for (std::size_t i = 0; i < ending_signals.size(); ++i)
      replace(ending_signals[i], show_and_take_default, before_[i]);
    replace(SIGCONT, hide_again, before_continued_);
    hide_and_prompt();
  }
  HiddenMode(const HiddenMode&) = delete;
  HiddenMode& operator=(const HiddenMode&) = delete;
  ~HiddenMode() {
    sigaction(SIGCONT, &before_continued_, nullptr);
    restore_terminal();
    for (std::size_t i = 0; i < ending_signals.size(); ++i) sigaction(ending_signals[i], &before_[i], nullptr);
    [[maybe_unused]] const auto written = write(STDERR_FILENO, "\n", 1);
  }

 private:
  /// A signal that is handled or ignored already stays so.
  static void replace(int signal_number, void (*handler)(int), struct sigaction& before) {
    sigaction(signal_number, nullptr, &before);
    if (before.sa_handler != SIG_DFL) return;
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(signal_number, &action, nullptr);
  }

  std::array<struct sigaction, ending_signals.size()> before_{};
  struct sigaction before_continued_ {};
};

/// A line under the terminal's own editing keys.
class EditedLine {
 public:
  explicit EditedLine(const termios& keys) : keys_(keys) {}

  /// Takes a byte; true at the end of the line.
  bool add(char byte) {
    if (in_paste_ || !edit(byte)) text_ += byte;
    if (text_.ends_with(paste_begin) || text_.ends_with(paste_end)) {
      in_paste_ = text_.ends_with(paste_begin);
      text_.resize(text_.size() - paste_begin.size());
      if (!in_paste_ && text_.ends_with('\n')) ended_ = true;
    } else if (!in_paste_ && byte == '\n') {
      ended_ = true;
    }
    return ended_;
  }

  const std::string& text() const { return text_; }

 private:
  bool is_key(char byte, std::size_t key) const {
    return keys_.c_cc[key] != _POSIX_VDISABLE && static_cast<cc_t>(byte) == keys_.c_cc[key];
  }

  void erase_character() {
    while (!text_.empty() && (static_cast<unsigned char>(text_.back()) & 0xC0U) == 0x80U) text_.pop_back();
    if (!text_.empty()) text_.pop_back();
  }

  /// Whether the byte is an editing key.
  bool edit(char byte) {
    if (is_key(byte, VERASE) || byte == '\b') {
      erase_character();
    } else if (is_key(byte, VKILL)) {
      text_.clear();
    } else if (is_key(byte, VWERASE)) {
      while (text_.ends_with(' ')) text_.pop_back();
      while (!text_.empty() && !text_.ends_with(' ')) text_.pop_back();
    } else if (is_key(byte, VEOF)) {
      ended_ = true;
    } else {
      return false;
    }
    return true;
  }

  termios keys_;
  std::string text_;
  bool in_paste_ = false;
  bool ended_ = false;
};

}  // namespace

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int terminal_width(int descriptor) {
  winsize size{};
  if (!is_terminal(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

void restore_terminal() {
  if (is_hidden.exchange(false)) tcsetattr(hidden_terminal.descriptor, TCSAFLUSH, &hidden_terminal.shown);
}

std::string read_hidden_line(int descriptor, const std::string& prompt, std::size_t limit) {
  const HiddenMode mode(descriptor, prompt);
  FileInput terminal(descriptor, "the terminal");
  EditedLine line(hidden_terminal.shown);
  for (bool ended = false; !ended;) {
    const auto bytes = terminal.read_some();
    if (!bytes) throw Error(ErrorKind::usage, "cannot read from the terminal: it was closed");
    if (was_stopped.exchange(false)) line = EditedLine(hidden_terminal.shown);
    for (auto byte = bytes->begin(); byte != bytes->end() && !ended; ++byte) ended = line.add(*byte);
    if (line.text().size() > limit)
      throw Error(ErrorKind::usage, "a line of more than " + std::to_string(limit) + " bytes was typed");
  }
  std::string text = line.text();
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.find('\n') != std::string::npos) throw Error(ErrorKind::usage, "more than one line was pasted");
  return text;
}

std::string without_paste_markers(std::string text) {
  for (const std::string_view marker : {paste_begin, paste_end})
    for (auto at = text.find(marker); at != std::string::npos; at = text.find(marker)) text.erase(at, marker.size());
  return text;
}

}  // namespace bookafy::system
