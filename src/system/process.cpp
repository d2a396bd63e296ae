#include "system/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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

/// Between a command's SIGTERM and its SIGKILL.
constexpr std::chrono::seconds respite{2};

/// The array of `char*` that exec wants; it points into the strings.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Spawn attributes that give the child the signals as if we had never touched them; with further flags.
class DefaultSignals {
 public:
  explicit DefaultSignals(int further = 0) {
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGXFSZ}) sigaddset(&signals, signal);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    // Threads of ours block all signals; a child would inherit that.
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_,
                             static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | further));
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

/// Tells when a child has ended.
class Ending {
 public:
  // Not the function: Debian 12 declares it as one of C++.
  explicit Ending(pid_t child) : descriptor_(static_cast<int>(syscall(SYS_pidfd_open, child, 0))) {
    if (descriptor_ >= 0) return;
    const int problem = errno;
    kill(-child, SIGKILL);
    wait_for(child);
    throw Error(ErrorKind::internal, "cannot watch a command: " + std::generic_category().message(problem));
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  ~Ending() { close(descriptor_); }

  /// False when the time is over, or the other descriptor is readable first.
  bool comes_within(std::chrono::milliseconds time, int other) const {
    std::array<pollfd, 2> entries{pollfd{descriptor_, POLLIN, 0}, pollfd{other, POLLIN, 0}};
    while (poll(entries.data(), entries.size(), static_cast<int>(time.count())) < 0 && errno == EINTR) continue;
    return entries[0].revents != 0;
  }

 private:
  int descriptor_;
};

/// An anonymous file that holds the text, read from its beginning: unlike a pipe it need not be fed.
class TextFile {
 public:
  explicit TextFile(std::string_view text) : descriptor_(memfd_create("input", MFD_CLOEXEC)) {
    while (descriptor_ >= 0 && !text.empty()) {
      const auto count = write(descriptor_, text.data(), text.size());
      if (count < 0 && errno != EINTR) break;
      if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (descriptor_ < 0 || !text.empty() || lseek(descriptor_, 0, SEEK_SET) != 0) {
      close(descriptor_);
      throw Error(ErrorKind::internal, "cannot hold a command's input: " + std::generic_category().message(errno));
    }
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile() { close(descriptor_); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Standard input from a descriptor, both outputs to our standard error, and nothing else.
class ShellStreams {
 public:
  explicit ShellStreams(int input) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ShellStreams(const ShellStreams&) = delete;
  ShellStreams& operator=(const ShellStreams&) = delete;
  ~ShellStreams() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::vector<std::string> assignments(const Environment& environment) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment.all()) variables.push_back(fmt::format("{}={}", name, value));
  return variables;
}

}  // namespace

std::optional<int> run_shell(const std::string& line, const Environment& environment, std::string_view input,
                             std::chrono::milliseconds limit, const Wake& stop) {
  std::vector<std::string> arguments{"sh", "-c", line};
  std::vector<std::string> variables = assignments(environment);
  const TextFile file(input);
  const ShellStreams streams(file.descriptor());
  const DefaultSignals signals(POSIX_SPAWN_SETPGROUP);
  pid_t child = -1;
  const int problem = posix_spawn(&child, "/bin/sh", streams.get(), signals.get(), pointers(arguments).data(),
                                  pointers(variables).data());
  if (problem != 0) throw Error(ErrorKind::internal, "cannot run a shell: " + std::generic_category().message(problem));
  const Ending ending(child);
  if (ending.comes_within(limit, stop.descriptor())) return wait_for(child);
  kill(-child, SIGTERM);
  ending.comes_within(respite, -1);
  // Before the child is waited for: until then nobody else can have its number.
  kill(-child, SIGKILL);
  wait_for(child);
  return std::nullopt;
}

void forbid_core_dumps() {
#ifndef __SANITIZE_ADDRESS__  // the leak checker looks into its own process
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

void fill_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)  // reading what is opened for writing fails, and vice versa
        [[maybe_unused]]
      const int opened = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int run_child(const std::vector<std::string>& command, const Environment& environment) {
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = assignments(environment);
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
