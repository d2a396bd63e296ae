#include "sandbox/delay.hpp"

namespace bookafy::sandbox {

Delay::Delay(std::chrono::milliseconds latency, system::ThreadFailure& failure) : latency_(latency) {
  thread_.start("delaying responses", failure, [this] { run(); });
}

void Delay::finish() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Delay::send(server::Respond respond, http::Response response) {
  {
    std::unique_lock lock(mutex_);
    if (stopping_) {
      lock.unlock();
      return respond(std::move(response));
    }
    waiting_.push_back({std::chrono::steady_clock::now() + latency_, std::move(respond), std::move(response)});
  }
  changed_.notify_one();
}

void Delay::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_ || !waiting_.empty()) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto due = waiting_.front().due;
    if (!stopping_ && std::chrono::steady_clock::now() < due) {
      changed_.wait_until(lock, due);
      continue;
    }
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    next.respond(std::move(next.response));
    lock.lock();
  }
}

}  // namespace bookafy::sandbox
