#include "system/process.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

#include "bookafy/error.hpp"
#include "system/signals.hpp"

namespace bookafy::system {
namespace {

/// The array of `char*` that exec wants; it points into the strings.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Spawn attributes that give the child the signals as if we had never touched them.
class DefaultSignals {
 public:
  DefaultSignals() {
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, signal);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  DefaultSignals(const DefaultSignals&) = delete;
  DefaultSignals& operator=(const DefaultSignals&) = delete;
  ~DefaultSignals() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// Passes a request to stop on to the child as long as it lives.
class SignalRelay {
 public:
  explicit SignalRelay(pid_t child) {
    if (pipe(stop_.data()) != 0) throw Error(ErrorKind::internal, "cannot make a pipe");
    thread_ = std::thread([this, child] {
      std::array<pollfd, 2> entries{pollfd{signal_descriptor(), POLLIN, 0}, pollfd{stop_[0], POLLIN, 0}};
      while (poll(entries.data(), entries.size(), -1) < 0) continue;
      if (entries[1].revents == 0 && !signal_came_from_terminal()) kill(child, pending_signal());
    });
  }
  SignalRelay(const SignalRelay&) = delete;
  SignalRelay& operator=(const SignalRelay&) = delete;
  ~SignalRelay() {
    close(stop_[1]);
    thread_.join();
    close(stop_[0]);
  }

 private:
  std::array<int, 2> stop_{};
  std::thread thread_;
};

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw Error(ErrorKind::internal, "cannot wait for the command");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

int run_child(const std::vector<std::string>& command, const Environment& environment) {
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment.all()) variables.push_back(name + "=" + value);
  const DefaultSignals signals;
  pid_t child = -1;
  const int problem = posix_spawnp(&child, command.front().c_str(), nullptr, signals.get(), pointers(arguments).data(),
                                   pointers(variables).data());
  if (problem != 0)
    throw Error(ErrorKind::usage, "cannot run " + command.front() + ": " + std::generic_category().message(problem));
  const SignalRelay relay(child);
  return wait_for(child);
}

}  // namespace bookafy::system
