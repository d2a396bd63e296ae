#include "system/worker_thread.hpp"

#include <string>
#include <utility>

#include "bookafy/error.hpp"
#include "bookafy/http.hpp"
#include "system/blocked_signals.hpp"

namespace bookafy::system {

void ThreadFailure::set(const char* thread, std::exception_ptr exception) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (exception_) return;
    thread_ = thread;
    exception_ = std::move(exception);
  }
  wake_.call();
}

bool ThreadFailure::is_set() const {
  const std::lock_guard lock(mutex_);
  return exception_ != nullptr;
}

void ThreadFailure::rethrow() const {
  const std::lock_guard lock(mutex_);
  if (!exception_) return;
  try {
    std::rethrow_exception(exception_);
  } catch (const Error&) {
    throw;
  } catch (const http::Interrupted&) {
    throw;
  } catch (const std::exception& problem) {
    throw Error(ErrorKind::internal, std::string(thread_) + " failed: " + problem.what());
  } catch (...) {
    throw Error(ErrorKind::internal, std::string(thread_) + " failed");
  }
}

void WorkerThread::start(const char* name, ThreadFailure& failure, std::function<void()> work) {
  const BlockedSignals quiet;
  thread_ = std::thread([name, &failure, work = std::move(work)] {
    try {
      work();
    } catch (...) {
      failure.set(name, std::current_exception());
    }
  });
}

void WorkerThread::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace bookafy::system
