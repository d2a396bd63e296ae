#include "system/signals.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

#include "bookafy/error.hpp"
#include "bookafy/http.hpp"
#include "system/terminal.hpp"

namespace bookafy::system {
namespace {

constexpr std::array stop_signals{SIGINT, SIGTERM, SIGHUP};

std::atomic<int> kept{0};
std::atomic<bool> typed{false};
std::array<int, 2> wake{-1, -1};
sigset_t mask_at_start;
sigset_t changed;  ///< the signals whose default action was replaced
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler may use nothing else");

extern "C" void keep(int signal, siginfo_t* info, void*) {
  // Ctrl-C can arrive twice, from the terminal and from a parent that forwards it: only the terminal's are counted.
  const bool from_terminal = signal == SIGINT && info->si_code == SI_KERNEL;
  if (from_terminal && typed.exchange(true)) {
    restore_terminal();
    _exit(128 + signal);
  }
  int none = 0;
  if (!kept.compare_exchange_strong(none, signal)) return;
  const char byte = 0;
  [[maybe_unused]] const auto written = write(wake[1], &byte, 1);
}

/// Replaces the default action; a signal that was ignored at start stays ignored.
void replace_default(int signal, const struct sigaction& action) {
  struct sigaction before {};
  sigaction(signal, nullptr, &before);
  if (before.sa_handler != SIG_DFL) return;
  sigaction(signal, &action, nullptr);
  sigaddset(&changed, signal);
}

}  // namespace

void keep_signals() {
  if (wake[0] >= 0) return;
  if (pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw Error(ErrorKind::internal, "cannot make a pipe");
  sigemptyset(&changed);
  pthread_sigmask(SIG_SETMASK, nullptr, &mask_at_start);
  struct sigaction action {};
  action.sa_sigaction = keep;
  action.sa_flags = SA_SIGINFO;  // and no SA_RESTART: a blocking read returns
  for (const int signal : stop_signals) replace_default(signal, action);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  replace_default(SIGPIPE, ignore);
  replace_default(SIGXFSZ, ignore);  // like a full disk: the write fails and is reported
}

void restore_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal)
    if (sigismember(&changed, signal) == 1) sigaction(signal, &action, nullptr);
  pthread_sigmask(SIG_SETMASK, &mask_at_start, nullptr);
}

int pending_signal() { return kept.load(); }

void throw_pending_signal() {
  if (const int signal = pending_signal()) throw http::Interrupted{signal, {}};
}

void interrupt_after(std::chrono::milliseconds time) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGTERM;
  timer_t timer{};
  itimerspec spec{};
  spec.it_value = {.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_settime(timer, 0, &spec, nullptr) != 0)
    throw Error(ErrorKind::internal, "cannot create a timer");
}

int signal_descriptor() { return wake[0]; }

QueuedSignals::QueuedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  // A blocked signal would be queued although it is ignored.
  for (const int signal : stop_signals)
    if (sigismember(&changed, signal) == 1) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, &before_);
  descriptor_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ >= 0) return;
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  throw Error(ErrorKind::internal, "cannot watch signals: " + std::generic_category().message(errno));
}

QueuedSignals::~QueuedSignals() {
  close(descriptor_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<QueuedSignals::Entry> QueuedSignals::take() const {
  signalfd_siginfo info{};
  if (read(descriptor_, &info, sizeof info) != sizeof info) return std::nullopt;
  return Entry{static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL};
}

}  // namespace bookafy::system
