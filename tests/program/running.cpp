#include "program/running.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <regex>
#include <stdexcept>

#include "built.hpp"

namespace program {
namespace {

constexpr std::chrono::seconds patience{20};

}  // namespace

Running::Running(const Command& command) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  std::vector<char*> argv, envp;
  for (const auto& argument : command.argv) argv.push_back(const_cast<char*>(argument.c_str()));
  for (const auto& variable : variables) envp.push_back(const_cast<char*>(variable.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
  const int error = posix_spawnp(&process_, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  close(err[1]);
  if (error != 0) throw std::runtime_error("cannot run " + command.argv.at(0));
  output_.descriptor = out[0];
  errors_.descriptor = err[0];
  readers_.emplace_back([this] { read(output_); });
  readers_.emplace_back([this] { read(errors_); });
}

Running::~Running() {
  if (status_ < 0) {
    send(SIGKILL);
    wait();
  }
}

void Running::read(Stream& stream) {
  std::array<char, 65536> block;
  while (true) {
    const ssize_t got = ::read(stream.descriptor, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    const std::lock_guard lock(mutex_);
    if (got <= 0) stream.ended = true;
    if (got > 0) stream.text.append(block.data(), static_cast<std::size_t>(got));
    changed_.notify_all();
    if (got <= 0) return;
  }
}

std::string Running::wait_for(const Stream& stream, const std::string& text) {
  std::unique_lock lock(mutex_);
  auto there = [&] { return stream.text.find(text) != std::string::npos; };
  changed_.wait_for(lock, patience, [&] { return there() || stream.ended; });
  if (!there()) throw std::runtime_error("did not come: " + text + "\n" + output_.text + errors_.text);
  return stream.text;
}

std::string Running::wait_for_output(const std::string& text) { return wait_for(output_, text); }
std::string Running::wait_for_error(const std::string& text) { return wait_for(errors_, text); }

std::string Running::output() const {
  const std::lock_guard lock(mutex_);
  return output_.text;
}

std::string Running::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_.text;
}

void Running::send(int signal) const { kill(process_, signal); }

int Running::wait() {
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return output_.ended && errors_.ended; })) send(SIGKILL);
  }
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
  for (std::thread& reader : readers_) reader.join();
  readers_.clear();
  close(output_.descriptor);
  close(errors_.descriptor);
  dumped_ = WIFSIGNALED(status) && WCOREDUMP(status);
  return status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Listener::Listener(const std::filesystem::path& home, const std::vector<std::string>& options,
                   const Environment& further)
    : Running([&] {
        Command command{{built::program, "listen", "--bind", "127.0.0.1:0"}, poisoned_environment(home), "", home};
        command.argv.insert(command.argv.end(), options.begin(), options.end());
        for (const auto& [name, value] : further) command.environment[name] = value;
        return command;
      }()) {
  const std::string said = wait_for_error("listening on http://127.0.0.1:");
  // The line is written at once.
  std::smatch match;
  if (!std::regex_search(said, match, std::regex(R"(listening on http://127\.0\.0\.1:([0-9]+))")))
    throw std::runtime_error(said);
  port_ = std::stoi(match[1]);
}

Caller::Caller(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
  close(socket_);
  socket_ = -1;
}

Caller::~Caller() {
  if (socket_ >= 0) close(socket_);
}

void Caller::send(const std::string& bytes) const {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

int Caller::status() {
  static const std::regex length_header("\r\nContent-Length: *([0-9]+)", std::regex::icase);
  std::array<char, 4096> block;
  while (true) {
    if (const auto end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
      std::smatch length;
      const std::string head = buffer_.substr(0, end);
      const std::size_t body = std::regex_search(head, length, length_header) ? std::stoul(length[1]) : 0;
      if (buffer_.size() >= end + 4 + body) {
        buffer_.erase(0, end + 4 + body);
        return std::stoi(head.substr(head.find(' ') + 1));
      }
    }
    const ssize_t got = recv(socket_, block.data(), block.size(), 0);
    if (got <= 0) return 0;
    buffer_.append(block.data(), static_cast<std::size_t>(got));
  }
}

int Caller::post(const std::string& body, const std::string& headers) {
  if (!connected()) return 0;
  send("POST /hook HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n" + headers +
       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return status();
}

}  // namespace program
