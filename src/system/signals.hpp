/// Requests to stop: SIGINT, SIGTERM and SIGHUP.
#pragma once

#include <signal.h>

#include <chrono>
#include <optional>

namespace bookafy::system {

/// From now on SIGINT, SIGTERM and SIGHUP are kept instead of ending the process, and writing to a closed pipe is an
/// error instead of a signal. The first one counts; later ones change nothing, so that a terminal that sends SIGHUP
/// twice cuts no clean-up short. Only the second Ctrl-C typed at the terminal ends the process at once. A signal that
/// was ignored at start stays ignored.
void keep_signals();
/// Undoes `keep_signals` in a child process. Async-signal-safe.
void restore_signals();
/// The signal that asked to stop, or 0.
int pending_signal();
/// Throws http::Interrupted when there is one.
void throw_pending_signal();
/// Sends SIGTERM to the process after that time. Throws Error (internal) when the system has no timer left.
void interrupt_after(std::chrono::milliseconds time);
/// A descriptor that is readable once a signal was kept, for poll and the like.
int signal_descriptor();

/// While it lives, requests to stop are queued here instead of being kept. For the main thread: all others block
/// signals.
class QueuedSignals {
 public:
  struct Entry {
    int signal = 0;
    bool from_terminal = false;  ///< the terminal sent it to the whole foreground process group
  };

  /// Throws Error (internal) when the process has no descriptors left.
  QueuedSignals();
  QueuedSignals(const QueuedSignals&) = delete;
  QueuedSignals& operator=(const QueuedSignals&) = delete;
  ~QueuedSignals();

  /// Readable when there is an entry to take.
  int descriptor() const { return descriptor_; }
  std::optional<Entry> take() const;

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

}  // namespace bookafy::system
