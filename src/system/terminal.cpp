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

}  // namespace bookafy::system
