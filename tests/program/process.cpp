#include "program/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <system_error>
#include <utility>

#include "built.hpp"

namespace program {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  int reading = -1;
  int writing = -1;

  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail(errno, "pipe");
    reading = ends[0];
    writing = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    shut(reading);
    shut(writing);
  }
  static void shut(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
  static int release(int& end) { return std::exchange(end, -1); }
};

/// Starts a process at the head of its own group, so that its children can be ended with it.
pid_t spawn(const Command& command, int input, int output, int errors) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  std::vector<char*> argv, envp;
  for (const auto& argument : command.argv) argv.push_back(const_cast<char*>(argument.c_str()));
  for (const auto& variable : variables) envp.push_back(const_cast<char*>(variable.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);

  pid_t process = -1;
  const int error = posix_spawnp(&process, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(error, command.argv.at(0));
  return process;
}

void wait_for(pid_t process, Outcome& outcome) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.dumped = WIFSIGNALED(status) && WCOREDUMP(status);
}

/// Moves what is there from the descriptor to the text; false at the end of the stream.
bool take(int descriptor, std::string& text) {
  std::array<char, 65536> block;
  const ssize_t got = read(descriptor, block.data(), block.size());
  if (got > 0) text.append(block.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

/// Feeds the input and collects both streams until they end or the time is up; false in the second case.
bool converse(Pipe& in, Pipe& out, Pipe& err, const std::string& input, Clock::time_point end, Outcome& outcome) {
  std::size_t written = 0;
  fcntl(in.writing, F_SETFL, O_NONBLOCK);
  while (out.reading >= 0 || err.reading >= 0) {
    if (in.writing >= 0 && written == input.size()) Pipe::shut(in.writing);
    std::array<pollfd, 3> watched{{{in.writing, POLLOUT, 0}, {out.reading, POLLIN, 0}, {err.reading, POLLIN, 0}}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    if (poll(watched.data(), watched.size(), static_cast<int>(left)) < 0 && errno != EINTR) fail(errno, "poll");
    if (watched[0].revents != 0) {
      const ssize_t sent = write(in.writing, input.data() + written, input.size() - written);
      if (sent >= 0) written += static_cast<std::size_t>(sent);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) Pipe::shut(in.writing);  // it does not want the rest
    }
    if (watched[1].revents != 0 && !take(out.reading, outcome.out)) Pipe::shut(out.reading);
    if (watched[2].revents != 0 && !take(err.reading, outcome.err)) Pipe::shut(err.reading);
  }
  return true;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "bookafy-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) fail(errno, pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& content) const {
  const auto path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path.string();
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Environment poisoned_environment(const std::filesystem::path& home) {
  const std::string folder = std::filesystem::path(built::program).parent_path().string();
  Environment environment{{"HOME", home.string()},
                          {"XDG_CONFIG_HOME", (home / "config").string()},
                          {"XDG_CACHE_HOME", (home / "cache").string()},
                          {"XDG_STATE_HOME", (home / "state").string()},
                          {"TZ", "Asia/Kathmandu"},
                          {"LC_ALL", "C.UTF-8"},
                          {"PATH", folder + ":/usr/local/bin:/usr/bin:/bin"}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  return environment;
}

Outcome run(const Command& command) {
  signal(SIGPIPE, SIG_IGN);  // a program may end without having read its input
  Pipe in, out, err;
  const pid_t process = spawn(command, in.reading, out.writing, err.writing);
  Pipe::shut(in.reading);
  Pipe::shut(out.writing);
  Pipe::shut(err.writing);
  Outcome outcome;
  outcome.timed_out = !converse(in, out, err, command.input, Clock::now() + command.limit, outcome);
  if (outcome.timed_out) kill(-process, SIGKILL);
  wait_for(process, outcome);
  return outcome;
}

Sandbox::Sandbox(const std::vector<std::string>& options) {
  Command command{{built::program, "sandbox", "--bind", "127.0.0.1:0"}, poisoned_environment(home_.path()), "", "/"};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  Pipe in, said;
  process_ = spawn(command, in.reading, said.writing, said.writing);
  stream_ = Pipe::release(said.reading);
  Pipe::shut(said.writing);
  auto announced = announced_.get_future();
  reader_ = std::thread([this] { read_all(); });
  if (announced.wait_for(std::chrono::seconds(20)) == std::future_status::ready) url_ = announced.get();
  if (url_.empty()) {
    kill(-process_, SIGKILL);
    Outcome ignored;
    wait_for(process_, ignored);
    reader_.join();
    close(stream_);
    throw std::runtime_error("the sandbox did not say where it listens");
  }
}

Sandbox::~Sandbox() {
  kill(process_, SIGTERM);
  Outcome ignored;
  wait_for(process_, ignored);
  reader_.join();
  close(stream_);
}

void Sandbox::read_all() {
  static const std::regex address(R"(http://127\.0\.0\.1:[0-9]+)");
  std::string said;
  bool told = false;
  while (take(stream_, said)) {
    std::smatch match;
    // Only whole lines: an address may arrive in two pieces.
    const std::string lines = said.substr(0, said.rfind('\n') + 1);
    if (told || !std::regex_search(lines, match, address)) continue;
    told = true;
    announced_.set_value(match[0]);
  }
  if (!told) announced_.set_value("");
}

}  // namespace program
