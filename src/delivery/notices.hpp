/// What the threads of a listener want to tell people.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

#include "system/wake.hpp"

namespace bookafy::delivery {

/// A bounded queue of lines: saying something never blocks, whatever standard error is connected to.
class Notices {
 public:
  /// Any thread. Only the first 500 bytes of a line are kept, and only so many lines; the rest is counted.
  void say(std::string line);
  /// What was said since the last call, with a count of what had no room.
  std::deque<std::string> take();
  /// Readable once something was said.
  int descriptor() const { return wake_.descriptor(); }

 private:
  system::Wake wake_;
  std::mutex mutex_;
  std::deque<std::string> lines_;
  std::size_t dropped_ = 0;
};

}  // namespace bookafy::delivery
