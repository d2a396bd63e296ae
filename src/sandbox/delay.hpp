/// Answers that leave later than they were made.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "server/http_server.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::sandbox {

/// One thread that lets every answer wait for the same time.
class Delay {
 public:
  Delay(std::chrono::milliseconds latency, system::ThreadFailure& failure);
  Delay(const Delay&) = delete;
  Delay& operator=(const Delay&) = delete;
  ~Delay() { finish(); }

  /// Any thread. After `finish` it answers at once.
  void send(server::Respond respond, http::Response response);
  /// Answers what still waits, at once.
  void finish();

 private:
  struct Waiting {
    std::chrono::steady_clock::time_point due;
    server::Respond respond;
    http::Response response;
  };
  void run();

  const std::chrono::milliseconds latency_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;  ///< the same delay for all: due in the order of arrival
  bool stopping_ = false;
  system::WorkerThread thread_;
};

}  // namespace bookafy::sandbox
