#include "delivery/intake.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include "delivery/seen.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::delivery {

struct Intake::State {
  struct Finished {
    std::int64_t number = 0;
    Task task = Task::forward;
  };

  /// What came in since the thread last looked.
  struct Batch {
    std::vector<Arrival> arrivals;
    std::vector<Finished> finished;
    std::vector<std::string> taken;

    bool empty() const { return arrivals.empty() && finished.empty() && taken.empty(); }
  };

  State(IntakeOptions given, Notices& notice_queue, system::ThreadFailure& thread_failure)
      : options(std::move(given)), notices(notice_queue), failure(thread_failure) {
    if (!options.store.empty()) delivery_store = open_store(options.store);
  }

  void run() {
    while (auto batch = next()) {
      for (const std::string& identity : batch->taken) seen.set(identity, Seen::State::done);
      if (failure.is_set())
        answer_all(batch->arrivals, 503, "the listener is stopping\n");
      else if (delivery_store)
        store(*batch);
      else
        pass(batch->arrivals);
    }
  }

  /// nullopt at the end.
  std::optional<Batch> next() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return stopping || !waiting.empty(); });
    if (waiting.empty()) return std::nullopt;
    return std::exchange(waiting, {});
  }

  /// Printed before the commit: should we be killed between the two, the sender has no answer and sends again, and the
  /// delivery is printed twice; the other way round it would never be printed.
  void store(Batch& batch) {
    std::vector<std::string> printed;
    try {
      delivery_store->begin();
      for (const Finished& one : batch.finished) delivery_store->finish(one.number, one.task);
      for (const Arrival& arrival : batch.arrivals)
        if (delivery_store->add(arrival.delivery, options.tasks)) print_once(arrival.delivery, printed);
      if (!print_out()) return answer_all(batch.arrivals, 503, "the listener is stopping\n");
      delivery_store->commit();
    } catch (const std::exception& error) {
      delivery_store->rollback();
      if (failure.is_set()) return answer_all(batch.arrivals, 503, "the listener is stopping\n");
      // When these are sent again they are new to the store, but not to the reader of our output.
      for (const std::string& identity : printed) seen.set(identity, Seen::State::printed);
      keep_for_later(std::move(batch.finished));
      if (batch.arrivals.empty()) return;
      notices.say(std::string("answered 503: ") + error.what());
      return answer_all(batch.arrivals, 503, "the delivery could not be stored\n");
    }
    answer_all(batch.arrivals, 200, {});
    if (options.stored) options.stored();
  }

  void pass(std::vector<Arrival>& arrivals) {
    std::vector<std::string> printed;
    for (const Arrival& arrival : arrivals) {
      if (seen.state(arrival.delivery.identity) != Seen::State::fresh) continue;
      if (options.admit && !options.admit(arrival.delivery)) continue;
      print_once(arrival.delivery, printed);
      seen.set(arrival.delivery.identity, options.pass_on ? Seen::State::printed : Seen::State::done);
    }
    if (!print_out()) return answer_all(arrivals, 503, "the listener is stopping\n");
    for (Arrival& arrival : arrivals) {
      switch (seen.state(arrival.delivery.identity)) {
        case Seen::State::fresh: refuse(arrival); break;
        case Seen::State::printed: options.pass_on(std::move(arrival)); break;
        case Seen::State::done: arrival.respond(answer(200)); break;
      }
    }
  }

  void refuse(const Arrival& arrival) {
    notices.say("answered 503: as many deliveries wait for the command as may");
    arrival.respond(answer(503, "too many deliveries wait\n"));
  }

  void print_once(const Delivery& delivery, std::vector<std::string>& printed) {
    if (failure.is_set() || seen.state(delivery.identity) == Seen::State::printed) return;
    try {
      options.print(delivery);
      printed.push_back(delivery.identity);
    } catch (...) {
      fail();
    }
  }

  /// False when nothing can be printed any more.
  bool print_out() {
    try {
      if (!failure.is_set()) options.flush();
    } catch (...) {
      fail();
    }
    if (!failure.is_set()) return true;
    if (delivery_store) delivery_store->rollback();
    return false;
  }

  void fail() { failure.set("printing", std::current_exception()); }

  void answer_all(const std::vector<Arrival>& arrivals, int status, const std::string& text) {
    for (const Arrival& arrival : arrivals) arrival.respond(answer(status, text));
  }

  /// Only with the next batch: at once it would fail again.
  void keep_for_later(std::vector<Finished> finished) {
    const std::lock_guard lock(mutex);
    unfinished.insert(unfinished.end(), finished.begin(), finished.end());
  }

  template <typename Change>
  void add(const Change& change) {
    {
      const std::lock_guard lock(mutex);
      change(waiting);
      waiting.finished.insert(waiting.finished.end(), unfinished.begin(), unfinished.end());
      unfinished.clear();
    }
    changed.notify_one();
  }

  IntakeOptions options;
  Notices& notices;
  system::ThreadFailure& failure;
  std::unique_ptr<DeliveryStore> delivery_store;
  Seen seen;  ///< with a store only what was printed and then could not be committed

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  Batch waiting;
  std::vector<Finished> unfinished;
  system::WorkerThread thread;
};

Intake::Intake(IntakeOptions options, Notices& notices, system::ThreadFailure& failure)
    : state_(std::make_unique<State>(std::move(options), notices, failure)) {}

Intake::~Intake() { stop(); }

void Intake::start() {
  state_->thread.start("storing deliveries", state_->failure, [this] { state_->run(); });
}

void Intake::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_one();
  state_->thread.join();
}

void Intake::take(Arrival arrival) {
  state_->add([&](State::Batch& batch) { batch.arrivals.push_back(std::move(arrival)); });
}

void Intake::finish(std::int64_t number, Task task) {
  state_->add([&](State::Batch& batch) { batch.finished.push_back({number, task}); });
}

void Intake::taken(const std::string& identity) {
  state_->add([&](State::Batch& batch) { batch.taken.push_back(identity); });
}

}  // namespace bookafy::delivery
