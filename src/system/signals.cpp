#include "system/signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "bookafy/error.hpp"
#include "bookafy/http.hpp"

namespace bookafy::system {
namespace {

std::atomic<int> kept{0};
std::atomic<bool> from_terminal{false};
std::array<int, 2> wake{-1, -1};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may use nothing else");

extern "C" void keep(int signal, siginfo_t* info, void*) {
  from_terminal = info->si_code == SI_KERNEL;
  if (kept.exchange(signal) != 0) _exit(128 + signal);
  const char byte = 0;
  [[maybe_unused]] const auto written = write(wake[1], &byte, 1);
}

}  // namespace

void keep_signals() {
  if (wake[0] < 0 && pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw Error(ErrorKind::internal, "cannot make a pipe");
  struct sigaction action {};
  action.sa_sigaction = keep;
  action.sa_flags = SA_SIGINFO;  // and no SA_RESTART: a blocking read returns
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // like a full disk: the write fails, and whoever wrote says so
}

int pending_signal() { return kept.load(); }

void throw_pending_signal() {
  if (const int signal = pending_signal()) throw http::Interrupted{signal, {}};
}

bool signal_came_from_terminal() { return from_terminal.load(); }

int signal_descriptor() { return wake[0]; }

int wait_for_signal() {
  while (pending_signal() == 0) {
    pollfd entry{.fd = wake[0], .events = POLLIN, .revents = 0};
    poll(&entry, 1, -1);
  }
  return pending_signal();
}

}  // namespace bookafy::system
