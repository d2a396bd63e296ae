#include "delivery/executor.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "bookafy/error.hpp"
#include "delivery/ledger.hpp"
#include "server/blocked_signals.hpp"
#include "system/process.hpp"

namespace bookafy::delivery {
namespace {

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

  State(ExecutorOptions given, Notices& notice_queue) : options(std::move(given)), notices(notice_queue) {
    if (!options.store.empty()) ledger.emplace(options.store, Ledger::Mode::read);
  }

  void work() {
    while (const auto job = next()) {
      const bool cut = !run(*job);
      const std::lock_guard lock(mutex);
      --running;
      if (cut) ++left;
      changed.notify_all();
    }
  }

  /// False when it was cut by the end.
  bool run(const Job& job) {
    try {
      const auto status = system::run_shell(options.command, options.environment, job.body, options.limit, stop);
      if (!status && ended) return false;
      if (!status)
        notices.say("the command took too long and was ended");
      else if (*status != 0)
        notices.say(fmt::format("the command ended with status {}", *status));
    } catch (const Error& error) {
      notices.say(error.message);
    }
    if (job.number != 0) options.done(job.number);
    return true;
  }

  /// nullopt at the end.
  std::optional<Job> next() {
    std::unique_lock lock(mutex);
    while (true) {
      if (ended || (stopping && (ledger || waiting.empty()))) return std::nullopt;
      if (waiting.empty() && ledger && more) fetch();
      if (!waiting.empty()) break;
      changed.wait(lock);
    }
    Job job = std::move(waiting.front());
    waiting.pop_front();
    waiting_bytes -= job.body.size();
    ++running;
    return job;
  }

  void fetch() {
    more = false;
    try {
      for (const Pending& one : ledger->pending(Task::exec, last, at_once * 4)) {
        push({one.number, ledger->read(one.number).delivery.body});
        last = one.number;
        more = true;
      }
    } catch (const Error& error) {
      notices.say(error.message);
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
    changed.wait_for(lock, options.farewell, [this] { return running == 0 && (ledger || waiting.empty()); });
    ended = true;
    stop.call();
    changed.notify_all();
  }

  ExecutorOptions options;
  Notices& notices;
  system::Wake stop{};
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Ledger> ledger;
  std::deque<Job> waiting;
  std::size_t waiting_bytes = 0;
  std::size_t running = 0;
  std::size_t left = 0;  ///< cut by the end
  bool more = true;      ///< the store may hold further ones
  bool stopping = false;
  std::atomic<bool> ended{false};
  std::int64_t last = 0;
  std::array<std::thread, at_once> threads;
};

Executor::Executor(ExecutorOptions options, Notices& notices)
    : state_(std::make_unique<State>(std::move(options), notices)) {
  const server::BlockedSignals quiet;
  for (std::thread& thread : state_->threads) thread = std::thread([this] { state_->work(); });
}

Executor::~Executor() {
  state_->end();
  for (std::thread& thread : state_->threads) thread.join();
  const std::size_t left = state_->left + state_->waiting.size();
  if (!state_->ledger && left > 0)
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
    const auto& waiting = state_->waiting;
    const bool full = waiting.size() >= most_waiting || state_->waiting_bytes + body.size() > most_waiting_bytes;
    if (full && !waiting.empty()) return false;
    state_->push({0, body});
  }
  state_->changed.notify_all();
  return true;
}

}  // namespace bookafy::delivery
