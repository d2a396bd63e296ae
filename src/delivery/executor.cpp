#include "delivery/executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "bookafy/error.hpp"
#include "delivery/delivery_store.hpp"
#include "system/process.hpp"

namespace bookafy::delivery {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t at_once = 4;
constexpr std::size_t most_waiting = 1000;
constexpr std::size_t most_waiting_bytes = std::size_t{16} * 1024 * 1024;

}  // namespace

system::Environment without_secrets(const system::Environment& environment) {
  system::Environment clean;
  for (const auto& [name, value] : environment.all())
    if (!name.starts_with("BOOKAFY_")) clean.set(name, value);
  return clean;
}

struct Executor::State {
  struct Job {
    std::int64_t number = 0;  ///< of a stored delivery; 0: not stored
    std::string body;
  };

  State(ExecutorOptions given, Notices& notice_queue, system::ThreadFailure& thread_failure)
      : options(std::move(given)), notices(notice_queue), failure(thread_failure) {
    if (!options.store.empty()) delivery_store = open_store(options.store);
  }

  void work() {
    while (auto job = next()) {
      const Result result = run(*job);
      const std::lock_guard lock(mutex);
      --running;
      if (result == Result::ended) failures = 0;
      if (result == Result::cut) ++left;
      if (result == Result::not_started) try_again(std::move(*job));
      changed.notify_all();
    }
  }

  enum class Result { ended, cut, not_started };

  Result run(const Job& job) {
    try {
      const auto status = system::run_shell(options.command, options.environment, job.body, options.limit, stop);
      if (!status && ended) return Result::cut;
      if (!status)
        notices.say("the command took too long and was ended");
      else if (*status != 0)
        notices.say(fmt::format("the command ended with status {}", *status));
    } catch (const Error& error) {
      notices.say(error.message);
      return Result::not_started;
    }
    if (job.number != 0) options.done(job.number);
    return Result::ended;
  }

  void try_again(Job job) {
    waiting_bytes += job.body.size();
    waiting.push_front(std::move(job));
    pause();
  }

  /// After a failure that may pass, such as too many processes.
  void pause() { paused_until = Clock::now() + retry_wait(++failures); }

  /// nullopt at the end.
  std::optional<Job> next() {
    std::unique_lock lock(mutex);
    while (true) {
      if (ended || (stopping && (delivery_store || waiting.empty()))) return std::nullopt;
      const bool paused = Clock::now() < paused_until;
      if (!paused && waiting.empty() && delivery_store && more) fetch();
      if (!paused && !waiting.empty()) break;
      changed.wait_until(lock, std::max(paused_until, Clock::now()) + (paused ? Clock::duration() : long_time));
    }
    Job job = std::move(waiting.front());
    waiting.pop_front();
    waiting_bytes -= job.body.size();
    ++running;
    return job;
  }

  void fetch() {
    try {
      more = false;
      for (const Pending& one : delivery_store->pending(Task::exec, last, at_once * 4)) {
        more = true;
        push({one.number, delivery_store->read(one.number).delivery.body});
        last = one.number;
      }
      failures = 0;
    } catch (const Error& error) {
      more = true;
      pause();
      notices.say(fmt::format("cannot read the store: {}; next try in {:.1f} s", error.message,
                              std::chrono::duration<double>(paused_until - Clock::now()).count()));
    }
  }

  void push(Job job) {
    waiting_bytes += job.body.size();
    waiting.push_back(std::move(job));
  }

  /// What runs may go on for a while.
  void end() {
    std::unique_lock lock(mutex);
    stopping = true;
    changed.notify_all();
    changed.wait_for(lock, options.farewell, [this] { return running == 0 && (delivery_store || waiting.empty()); });
    ended = true;
    stop.call();
    changed.notify_all();
  }

  ExecutorOptions options;
  Notices& notices;
  system::ThreadFailure& failure;
  system::Wake stop{};
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_ptr<DeliveryStore> delivery_store;
  std::deque<Job> waiting;
  std::size_t waiting_bytes = 0;
  std::size_t running = 0;
  std::size_t left = 0;  ///< cut by the end
  bool more = true;      ///< the store may hold further ones
  bool stopping = false;
  std::atomic<bool> ended{false};
  std::int64_t last = 0;
  int failures = 0;  ///< in a row
  Clock::time_point paused_until{};
  std::array<system::WorkerThread, at_once> threads;
};

Executor::Executor(ExecutorOptions options, Notices& notices, system::ThreadFailure& failure)
    : state_(std::make_unique<State>(std::move(options), notices, failure)) {}

Executor::~Executor() { stop(); }

void Executor::start() {
  for (system::WorkerThread& thread : state_->threads)
    thread.start("running commands", state_->failure, [this] { state_->work(); });
}

void Executor::stop() {
  if (state_->ended) return;
  state_->end();
  for (system::WorkerThread& thread : state_->threads) thread.join();
  const std::size_t left = state_->left + state_->waiting.size();
  if (!state_->delivery_store && left > 0)
    state_->notices.say(fmt::format("the command of {} deliveries was not run to its end", left));
}

void Executor::look() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->more = true;
  }
  state_->changed.notify_all();
}

bool Executor::run(const std::string& body) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping) return false;
    const auto& waiting = state_->waiting;
    const bool full = waiting.size() >= most_waiting || state_->waiting_bytes + body.size() > most_waiting_bytes;
    if (full && !waiting.empty()) return false;
    state_->push({0, body});
  }
  state_->changed.notify_all();
  return true;
}

}  // namespace bookafy::delivery
