#include "delivery/executor.hpp"

#include <fmt/format.h>

#include <array>
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
    while (auto job = next()) {
      try {
        const int status = system::run_shell(options.command, options.environment, job->body);
        if (status != 0) notices.say(fmt::format("the command ended with status {}", status));
      } catch (const Error& error) {
        notices.say(error.message);
      }
      if (job->number != 0) options.done(job->number);
    }
  }

  /// nullopt at the end.
  std::optional<Job> next() {
    std::unique_lock lock(mutex);
    while (true) {
      if (stopping && (ledger || waiting.empty())) return std::nullopt;
      if (waiting.empty() && ledger && more) fetch();
      if (!waiting.empty()) break;
      changed.wait(lock);
    }
    Job job = std::move(waiting.front());
    waiting.pop_front();
    changed.notify_all();
    return job;
  }

  void fetch() {
    more = false;
    try {
      for (const Pending& one : ledger->pending(Task::exec, last, at_once * 4)) {
        waiting.push_back({one.number, ledger->read(one.number).delivery.body});
        last = one.number;
        more = true;
      }
    } catch (const Error& error) {
      notices.say(error.message);
    }
  }

  ExecutorOptions options;
  Notices& notices;
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Ledger> ledger;
  std::deque<Job> waiting;
  bool more = true;  ///< the store may hold further ones
  bool stopping = false;
  std::int64_t last = 0;
  std::array<std::thread, at_once> threads;
};

Executor::Executor(ExecutorOptions options, Notices& notices)
    : state_(std::make_unique<State>(std::move(options), notices)) {
  const server::BlockedSignals quiet;
  for (std::thread& thread : state_->threads) thread = std::thread([this] { state_->work(); });
}

Executor::~Executor() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

void Executor::look() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->more = true;
  }
  state_->changed.notify_all();
}

void Executor::run(std::string body) {
  {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [this] { return state_->waiting.size() < most_waiting; });
    state_->waiting.push_back({0, std::move(body)});
  }
  state_->changed.notify_all();
}

}  // namespace bookafy::delivery
