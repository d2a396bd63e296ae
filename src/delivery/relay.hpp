/// Passing deliveries on without a store: the sender gets the target's own status.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "delivery/forwarder.hpp"
#include "delivery/receiver.hpp"

namespace bookafy::delivery {

/// One thread. A target that does not answer is a 502 to the sender, who then sends again.
class Relay {
 public:
  /// `taken` gets the identity of each delivery that the target took, on the relay's thread.
  Relay(std::string url, const TransportFactory& transport, Notices& notices,
        std::function<void(const std::string&)> taken);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  /// Waits a while for what is under way.
  ~Relay();

  /// Any thread.
  void pass_on(Arrival arrival);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::delivery
