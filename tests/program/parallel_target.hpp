/// A target of deliveries that reads each request on a thread of its own.
#pragma once

#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "faults/socket.hpp"

namespace program {

class ParallelTarget {
 public:
  /// `answer` is given each connection once its request has come; the connection is closed when it returns.
  explicit ParallelTarget(std::function<void(faults::Socket&)> answer)
      : answer_(std::move(answer)), acceptor_([this] { accept_all(); }) {}
  ParallelTarget(const ParallelTarget&) = delete;
  ParallelTarget& operator=(const ParallelTarget&) = delete;
  ~ParallelTarget() {
    listener_.shut();
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const faults::Socket& connection : connections_) connection.shut();
    }
    for (std::thread& thread : threads_) thread.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.port()) + "/"; }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void accept_all() {
    while (true) {
      faults::Socket accepted = listener_.accept();
      if (!accepted.is_open()) return;
      const std::lock_guard lock(mutex_);
      faults::Socket& connection = connections_.emplace_back(std::move(accepted));
      threads_.emplace_back([this, &connection] { serve(connection); });
    }
  }

  /// Bodies of these tests are JSON objects in one line.
  void serve(faults::Socket& connection) {
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos || request.back() != '}') {
      const std::string piece = connection.receive();
      if (piece.empty()) return;
      request += piece;
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
    }
    answer_(connection);
    connection.shut();
  }

  std::function<void(faults::Socket&)> answer_;
  faults::Socket listener_ = faults::Socket::listening();
  mutable std::mutex mutex_;
  std::list<faults::Socket> connections_;
  std::vector<std::string> requests_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace program
