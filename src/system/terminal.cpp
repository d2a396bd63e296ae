#include "system/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace bookafy::system {

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int terminal_width(int descriptor) {
  winsize size{};
  if (!is_terminal(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

HiddenInput::HiddenInput(bool hidden) {
  termios mode{};
  if (!hidden || tcgetattr(STDIN_FILENO, &mode) != 0) return;
  before_ = mode;
  mode.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode);
}

HiddenInput::~HiddenInput() {
  if (before_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
}

}  // namespace bookafy::system
