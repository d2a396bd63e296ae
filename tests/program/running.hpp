/// A process that goes on running while a test does something to it.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "program/process.hpp"

namespace program {

class Running {
 public:
  explicit Running(const Command& command);
  /// Kills it when it still runs.
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  /// Waits until standard output, or standard error, contains the text; returns all of it so far. Throws when the
  /// stream ends without it, or after 20 s.
  std::string wait_for_output(const std::string& text);
  std::string wait_for_error(const std::string& text);
  std::string output() const;
  std::string errors() const;

  pid_t process() const { return process_; }
  void send(int signal) const;
  /// Waits for the end, which comes by SIGKILL after 20 s; the exit status as in a shell.
  int wait();
  /// Whether the end was a crash that left a core; known after `wait`.
  bool dumped() const { return dumped_; }

 private:
  struct Stream {
    int descriptor = -1;
    std::string text;
    bool ended = false;
  };
  void read(Stream& stream);
  std::string wait_for(const Stream& stream, const std::string& text);

  pid_t process_ = -1;
  int status_ = -1;
  bool dumped_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Stream output_;
  Stream errors_;
  std::vector<std::thread> readers_;
};

/// `bookafy listen` with these options on a free port.
class Listener : public Running {
 public:
  Listener(const std::filesystem::path& home, const std::vector<std::string>& options, const Environment& further = {});
  int port() const { return port_; }
  /// `http://127.0.0.1:49152`
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
};

/// One connection that carries requests to a port of 127.0.0.1.
class Caller {
 public:
  explicit Caller(int port);
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  void send(const std::string& bytes) const;
  /// The status of the next answer; 0 when the connection ended before it. The body is read, too.
  int status();
  /// Posts and waits for the answer.
  int post(const std::string& body, const std::string& headers = "");
  bool connected() const { return socket_ >= 0; }

 private:
  int socket_ = -1;
  std::string buffer_;
};

}  // namespace program
