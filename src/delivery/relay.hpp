/// Passing deliveries on without a store: the sender gets the target's own status.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "delivery/forwarder.hpp"
#include "delivery/receiver.hpp"

namespace bookafy::delivery {

struct RelayOptions {
  std::string url;
  TransportFactory transport;
  /// Gets the identity of each delivery that the target took; called on the relay's thread.
  std::function<void(const std::string&)> taken;
};

/// One thread.
class Relay {
 public:
  /// `failure` outlives it.
  Relay(RelayOptions options, Notices& notices, system::ThreadFailure& failure);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();

  void start();
  /// Breaks off what is under way: when the receiver has stopped, every sender has its answer.
  void stop();

  /// Any thread.
  void pass_on(Arrival arrival);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::delivery
