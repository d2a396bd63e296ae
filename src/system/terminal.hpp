/// What the standard streams are connected to.
#pragma once

#include <termios.h>

#include <optional>

namespace bookafy::system {

bool is_terminal(int descriptor);
/// Columns of the terminal behind a descriptor; 0 when it is none or does not say.
int terminal_width(int descriptor);

/// Keeps what is typed on standard input from being shown, until it is destroyed.
class HiddenInput {
 public:
  explicit HiddenInput(bool hidden);
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
  ~HiddenInput();

 private:
  std::optional<termios> before_;
};

}  // namespace bookafy::system
