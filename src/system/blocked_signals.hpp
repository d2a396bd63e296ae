/// Keeps signals off threads of ours: they belong to the thread that waits for them.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace bookafy::system {

/// While it lives the calling thread takes no signal, and neither does any thread started from it, ever.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace bookafy::system
