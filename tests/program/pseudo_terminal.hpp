/// Programs at a terminal, with a person who types. A test file that includes this needs a pseudo-terminal: its entry
/// in ctest is labelled `pty`.
#pragma once

#include <string>
#include <vector>

#include "program/process.hpp"

namespace program {

struct Typed {
  std::string after;  ///< typed once this appeared on the screen, after what the previous entry waited for
  std::string keys;
  int signal = 0;  ///< sent before the keys
};

struct Screen {
  int status = -1;
  std::string text;
  bool echoes = false;  ///< whether the terminal shows what is typed, after the end

  bool has(const std::string& part) const { return text.find(part) != std::string::npos; }
};

/// Throws std::runtime_error when the system gives no pseudo-terminal.
void require_pseudo_terminal();

/// Runs argv[0], a path or a name in this process's PATH, at a pseudo-terminal of 60 columns. Throws
/// std::runtime_error like `require_pseudo_terminal`, or with what the screen shows when nothing happens for 20 s.
Screen run_in_terminal(std::vector<std::string> argv, const Environment& environment,
                       const std::vector<Typed>& typed = {});

}  // namespace program
