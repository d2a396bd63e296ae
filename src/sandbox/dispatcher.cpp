#include "sandbox/dispatcher.hpp"

#include <atomic>
#include <utility>

namespace bookafy::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds farewell{2};
/// Before another try when the world could not be written.
constexpr std::chrono::seconds pause{1};
/// Only to have an end: whatever there is to do wakes the thread.
constexpr std::chrono::hours long_time{1};

}  // namespace

struct Dispatcher::State {
  State(Outbox given, std::mutex& world_mutex, const Surroundings& given_surroundings, int speed,
        std::function<void(const std::string&)> complain_to)
      : outbox(std::move(given)),
        mutex(world_mutex),
        surroundings(given_surroundings),
        clock_speed(speed),
        complain(std::move(complain_to)) {}

  void run() {
    while (!stopping) wait(round());
    round();
    for (const auto end = Clock::now() + farewell; Clock::now() < end && under_way();) {
      wait(end);
      take();
    }
  }

  /// Takes what ended and begins what is due. Returns how long there is nothing more to do.
  Clock::time_point round() {
    std::vector<Attempt> attempts;
    Clock::time_point next = Clock::now() + long_time;
    if (!take()) return Clock::now() + pause;
    try {
      const std::lock_guard lock(mutex);
      attempts = outbox.begin();
      if (const auto due = outbox.due())
        next = std::min(next, Clock::now() + (*due - surroundings.now()) / clock_speed);
      complained = false;
    } catch (const std::exception& problem) {
      complain_once(problem);
      next = Clock::now() + pause;
    }
    for (Attempt& attempt : attempts) {
      try {
        transport->start(attempt.id, std::move(attempt.request));
      } catch (const std::exception& problem) {
        ended.push_back({attempt.id, http::Failure{http::Failure::Reason::malformed, false, problem.what()}});
      }
    }
    return ended.empty() ? next : Clock::now();
  }

  /// False when the world could not be written, as on a full disk: the outcomes are kept for the next time.
  bool take() {
    if (ended.empty()) return true;
    try {
      const std::lock_guard lock(mutex);
      outbox.finish(ended);
    } catch (const std::exception& problem) {
      complain_once(problem);
      return false;
    }
    ended.clear();
    return true;
  }

  void complain_once(const std::exception& problem) {
    if (std::exchange(complained, true) || !complain) return;
    complain(std::string("deliveries wait: ") + problem.what());
  }

  bool under_way() {
    const std::lock_guard lock(mutex);
    return outbox.under_way() > 0;
  }

  void wait(Clock::time_point until) {
    try {
      auto completed = transport->wait(until);
      ended.insert(ended.end(), std::make_move_iterator(completed.begin()), std::make_move_iterator(completed.end()));
    } catch (const http::Interrupted&) {
      // Woken: there is something new, or this is the end.
    }
  }

  Outbox outbox;
  std::mutex& mutex;
  const Surroundings surroundings;
  const int clock_speed;
  const std::function<void(const std::string&)> complain;
  bool complained = false;
  system::Wake wake;
  std::unique_ptr<http::Transport> transport;
  std::vector<http::Completed> ended;
  std::atomic<bool> stopping{false};
  system::WorkerThread thread;
};

Dispatcher::Dispatcher(Outbox outbox, std::mutex& mutex, const Surroundings& surroundings, int clock_speed,
                       const TransportFactory& transport, std::function<void(const std::string&)> complain,
                       system::ThreadFailure& failure)
    : state_(std::make_unique<State>(std::move(outbox), mutex, surroundings, clock_speed, std::move(complain))) {
  state_->transport = transport(state_->wake);
  state_->thread.start("sending deliveries", failure, [this] { state_->run(); });
}

Dispatcher::~Dispatcher() {
  state_->stopping = true;
  state_->wake.call();
  state_->thread.join();
}

void Dispatcher::look() { state_->wake.call(); }

}  // namespace bookafy::sandbox
