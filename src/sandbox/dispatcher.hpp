/// Sends what the outbox holds, on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "bookafy/http.hpp"
#include "sandbox/outbox.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::sandbox {

// How long a receiver may take.
inline constexpr std::chrono::seconds connect_limit{10};
inline constexpr std::chrono::seconds answer_limit{15};  ///< connecting included

/// Makes a transport that keeps these limits, and whose `wait` throws http::Interrupted after a call to the wake.
using TransportFactory = std::function<std::unique_ptr<http::Transport>(const system::Wake&)>;

class Dispatcher {
 public:
  /// Holds `mutex` whenever it touches the outbox's world, and never while it waits for the network. The sandbox's
  /// clock runs `clock_speed` times as fast as the waiting does. `complain` is told, on a thread of the dispatcher's
  /// and once until it is better, that the world cannot be written.
  Dispatcher(Outbox outbox, std::mutex& mutex, const Surroundings& surroundings, int clock_speed,
             const TransportFactory& transport, std::function<void(const std::string&)> complain,
             system::ThreadFailure& failure);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;
  /// Sends what is due, and waits a moment for what is under way.
  ~Dispatcher();

  /// There may be something new. Any thread.
  void look();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::sandbox
