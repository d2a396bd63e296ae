/// Passing stored deliveries on until the target has taken them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bookafy/http.hpp"
#include "delivery/notices.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::delivery {

/// Creates a transport for deliveries whose `wait` throws http::Interrupted after a call to the wake.
using TransportFactory = std::function<std::unique_ptr<http::Transport>(const system::Wake&)>;

struct ForwarderOptions {
  std::string store;
  std::string url;
  TransportFactory transport;
  std::function<void(std::int64_t)> taken;  ///< called on the forwarder's thread
};

/// One thread. Everything pending in the store is sent, at least once and in order per invitee, with back-off for as
/// long as it takes; also what an earlier process left there.
class Forwarder {
 public:
  /// Throws Error when the store cannot be opened. `failure` outlives it.
  Forwarder(ForwarderOptions options, Notices& notices, system::ThreadFailure& failure);
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;
  ~Forwarder();

  void start();
  /// Waits a while for what is under way; the rest stays in the store.
  void stop();

  /// There is more in the store. Any thread.
  void look();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::delivery
