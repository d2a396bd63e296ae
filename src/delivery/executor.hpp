/// Running a command for each delivery.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "delivery/notices.hpp"
#include "delivery/target.hpp"
#include "system/environment.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::delivery {

struct ExecutorOptions {
  std::string command;  ///< a line of shell
  system::Environment environment;
  std::string store;                       ///< where the pending ones are; empty: they are handed over with `run`
  std::function<void(std::int64_t)> done;  ///< a stored one's command has ended; called on any thread
  std::chrono::milliseconds limit = std::chrono::minutes(10);  ///< for a command; then it is ended
  std::chrono::milliseconds farewell = delivery::farewell;
};

/// The environment without what is ours: no variable of a token, nor of any other setting of this tool.
system::Environment without_secrets(const system::Environment& environment);

/// At most four commands at once, each with a body on its standard input; what they say goes to standard error. One
/// that fails or takes too long is reported and not repeated; one that could not be started is tried again.
class Executor {
 public:
  /// Throws Error when the store cannot be opened. `failure` outlives it.
  Executor(ExecutorOptions options, Notices& notices, system::ThreadFailure& failure);
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  ~Executor();

  void start();
  /// Waits a while for the commands that run, and without a store for those that have to; then they are ended. With a
  /// store those that did not end by themselves stay pending, without one they are reported.
  void stop();

  /// There is more in the store. Any thread.
  void look();
  /// Without a store. False when as many wait as may: a thousand, or 16 MiB. Any thread.
  bool run(const std::string& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::delivery
