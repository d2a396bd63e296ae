/// Where accepted deliveries are made safe, and only then answered.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "delivery/delivery_store.hpp"
#include "delivery/notices.hpp"
#include "delivery/receiver.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::delivery {

struct IntakeOptions {
  std::string store;        ///< empty: repetitions are known from memory alone
  std::vector<Task> tasks;  ///< what is pending for each stored delivery
  /// Prints one new delivery, and writes out what was printed. Called on the intake's thread. When one throws, that is
  /// the failure of the thread and further deliveries are answered 503.
  std::function<void(const Delivery&)> print;
  std::function<void()> flush;
  std::function<void()> stored;  ///< called after each commit; may be empty
  /// Without a store: makes room for a new delivery; false when there is none, which is a 503. May be empty.
  std::function<bool(const Delivery&)> admit;
  /// Without a store: answers, instead of a 200, what was printed. May be empty.
  std::function<void(Arrival)> pass_on;
};

/// One thread. It collects everything that arrived while it was busy, prints and commits it at once, and then answers
/// all of it: many deliveries share one sync of the disk, and none is answered before its own.
class Intake {
 public:
  /// Throws Error when the store cannot be opened. `failure` outlives it.
  Intake(IntakeOptions options, Notices& notices, system::ThreadFailure& failure);
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;
  ~Intake();

  void start();
  /// Returns when what was taken is safe and answered.
  void stop();

  /// Any thread.
  void take(Arrival arrival);
  /// A task of a stored delivery is done: noted with the next commit. Any thread.
  void finish(std::int64_t number, Task task);
  /// Without a store: a passed-on delivery was taken by the target, so that repetitions need not be. Any thread.
  void taken(const std::string& identity);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::delivery
