/// Tells a thread that sleeps in poll that there is something to look at.
#pragma once

#include <initializer_list>

namespace bookafy::system {

class Wake {
 public:
  /// Throws Error (internal) when the process has no descriptors left.
  Wake();
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;
  ~Wake();

  /// Any thread. Several before a take are one.
  void call() const;
  /// Whether there was a call since the last take.
  bool take() const;
  /// Readable from a call until the take.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

/// Sleeps until one of the descriptors is readable, or a signal came.
void wait_for_any(std::initializer_list<int> descriptors);

}  // namespace bookafy::system
