/// The HTTP side of a listener: refuses what is no genuine delivery, hands on the rest.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "bookafy/signature.hpp"
#include "delivery/delivery.hpp"
#include "delivery/notices.hpp"
#include "server/http_server.hpp"
#include "system/worker_thread.hpp"

namespace bookafy::delivery {

/// A delivery that waits for its answer.
struct Arrival {
  Delivery delivery;
  server::Respond respond;
  std::chrono::steady_clock::time_point arrived{};
};

/// A plain-text answer; the text may be empty.
http::Response answer(int status, std::string text = {});

struct ReceiverOptions {
  std::string host = "127.0.0.1";
  int port = 0;
  std::size_t max_body = std::size_t{1024} * 1024;  ///< bytes
  std::optional<Secret> signing_key;                ///< none: deliveries are taken unchecked
  std::chrono::seconds tolerance = default_signature_tolerance;
  std::set<std::string> events;  ///< others are answered 200 and forgotten; empty: all are taken
  std::function<std::chrono::system_clock::time_point()> now;
};

class Receiver {
 public:
  /// Binds the address, so that deliveries wait until `start`. `take` is called on the server's thread and must not
  /// block. Throws Error (usage) when the address is not available.
  Receiver(const ReceiverOptions& options, Notices& notices, std::function<void(Arrival)> take);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver();

  /// `failure` outlives it.
  void start(system::ThreadFailure& failure);
  /// Accepts no further delivery, and waits a while until those under way are answered; not when there was a failure.
  void stop();

  /// `http://127.0.0.1:8026`
  std::string base_url() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::delivery
