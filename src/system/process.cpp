#include "system/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "bookafy/error.hpp"
#include "system/blocked_signals.hpp"
#include "system/signals.hpp"

namespace bookafy::system {
namespace {

/// Between a command's SIGTERM and its SIGKILL.
constexpr std::chrono::seconds respite{2};
constexpr std::chrono::milliseconds no_limit{-1};

/// The array of `char*` that exec wants; it points into the strings.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

rlimit descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit;
}

/// Read before anything can raise it: children get this one.
const rlimit descriptor_limit_at_start = descriptor_limit();

/// Prepared before the fork: in the child of a program with threads only async-signal-safe calls are allowed.
struct ChildSetup {
  const char* file = nullptr;  ///< searched for in PATH
  std::vector<char*> arguments{};
  std::vector<char*> variables{};
  /// When set, the standard input; then both outputs are our standard error, and the child is a process group.
  int input = -1;
};

/// Closes both ends; the write end is inherited by no program.
struct ReportPipe {
  ReportPipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category());
  }
  ReportPipe(const ReportPipe&) = delete;
  ReportPipe& operator=(const ReportPipe&) = delete;
  ~ReportPipe() {
    close_writing_end();
    close(ends[0]);
  }
  void close_writing_end() {
    if (ends[1] >= 0) close(std::exchange(ends[1], -1));
  }
  std::array<int, 2> ends{-1, -1};
};

[[noreturn]] void become(const ChildSetup& setup, int report) {
  restore_signals();
  setrlimit(RLIMIT_NOFILE, &descriptor_limit_at_start);
  if (setup.input >= 0) {
    setpgid(0, 0);
    dup2(setup.input, STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  }
  execvpe(setup.file, setup.arguments.data(), setup.variables.data());
  const int problem = errno;
  [[maybe_unused]] const auto written = write(report, &problem, sizeof problem);
  while (true) kill(getpid(), SIGKILL);
}

/// Returns once the child runs the command. Throws std::system_error when it cannot be run.
pid_t spawn(const ChildSetup& setup) {
  ReportPipe report;
  pid_t child = -1;
  {
    const BlockedSignals quiet;  // no handler of ours runs in the child
    child = fork();
    if (child == 0) become(setup, report.ends[1]);
  }
  if (child < 0) throw std::system_error(errno, std::generic_category());
  report.close_writing_end();
  int problem = 0;
  ssize_t count = -1;
  while ((count = read(report.ends[0], &problem, sizeof problem)) < 0 && errno == EINTR) continue;
  if (count == 0) return child;
  waitpid(child, nullptr, 0);
  throw std::system_error(problem, std::generic_category());
}

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
    kill(child, SIGKILL);
    wait_for(child);
    throw Error(ErrorKind::internal, "cannot watch a command: " + std::generic_category().message(problem));
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  ~Ending() { close(descriptor_); }

  /// False when the time is over, or one of the other descriptors is readable first.
  bool comes_within(std::chrono::milliseconds time, int other, int another = -1) const {
    std::array<pollfd, 3> entries{pollfd{descriptor_, POLLIN, 0}, pollfd{other, POLLIN, 0}, pollfd{another, POLLIN, 0}};
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
  ChildSetup setup{.file = "/bin/sh", .input = file.descriptor()};
  setup.arguments = pointers(arguments);
  setup.variables = pointers(variables);
  pid_t child = -1;
  try {
    child = spawn(setup);
  } catch (const std::system_error& problem) {
    throw Error(ErrorKind::internal, "cannot run a shell: " + problem.code().message());
  }
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

int run_child(const std::vector<std::string>& command, const Environment& environment, int stop_descriptor) {
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = assignments(environment);
  ChildSetup setup{.file = command.front().c_str()};
  setup.arguments = pointers(arguments);
  setup.variables = pointers(variables);
  const QueuedSignals signals;
  throw_pending_signal();
  pid_t child = -1;
  try {
    child = spawn(setup);
  } catch (const std::system_error& problem) {
    throw Error(ErrorKind::usage, "cannot run " + command.front() + ": " + problem.code().message());
  }
  const Ending ending(child);
  bool stopped = false;
  while (!ending.comes_within(no_limit, signals.descriptor(), stopped ? -1 : stop_descriptor)) {
    const auto entry = signals.take();
    if (entry && !entry->from_terminal) kill(child, entry->signal);
    if (!entry && !std::exchange(stopped, true)) kill(child, SIGTERM);
  }
  return wait_for(child);
}

}  // namespace bookafy::system
