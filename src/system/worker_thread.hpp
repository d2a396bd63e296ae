/// Threads whose exceptions end the program in order instead of at once.
#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "system/wake.hpp"

namespace bookafy::system {

/// The first exception that ended one of a program's worker threads. The main thread waits for it, stops all threads in
/// their usual order, and reports it.
class ThreadFailure {
 public:
  /// Any thread. Later ones are dropped. `thread` is a string literal that completes "… failed".
  void set(const char* thread, std::exception_ptr exception) noexcept;
  bool is_set() const;
  /// Readable once it is set.
  int descriptor() const { return wake_.descriptor(); }
  /// Throws the exception if there is one: Error and http::Interrupted as they are, others as Error (internal) that
  /// names the thread.
  void rethrow() const;

 private:
  Wake wake_;
  mutable std::mutex mutex_;
  const char* thread_ = "";
  std::exception_ptr exception_;
};

/// A thread that takes no signals and whose exceptions go to a ThreadFailure.
class WorkerThread {
 public:
  WorkerThread() = default;
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;
  ~WorkerThread() { join(); }

  /// Once. `failure` outlives the thread. Throws std::system_error when there can be no further thread.
  void start(const char* name, ThreadFailure& failure, std::function<void()> work);
  /// Returns at once when it was not started or was joined before.
  void join();

 private:
  std::thread thread_;
};

}  // namespace bookafy::system
