/// The API on this machine: world, routes, storage and server together.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bookafy/secret.hpp"
#include "sandbox/dispatcher.hpp"
#include "sandbox/surroundings.hpp"
#include "sandbox/tokens.hpp"

namespace bookafy::sandbox {

struct SandboxOptions {
  std::string host = "127.0.0.1";        ///< a numeric address or localhost
  int port = 8025;                       ///< 0: any free one
  std::string data_file = {};            ///< SQLite; empty: in memory
  int rate_limit = 500;                  ///< requests a user and minute, 1 or more; free accounts get a tenth
  std::chrono::milliseconds latency{0};  ///< added to every answer, without holding up others
  int clock_speed = 1;                   ///< 1 to most_clock_speed
  TransportFactory transport = {};       ///< how deliveries go out; empty: they stay pending
  /// Told, on a thread of the sandbox's, what keeps deliveries from going out, clients from coming in or requests from
  /// being handled; may be empty.
  std::function<void(const std::string&)> complain = {};
  Surroundings surroundings = {};
};

class Sandbox {
 public:
  /// Serves when it returns. Throws Error: usage for an address that cannot be had, internal for the data file.
  explicit Sandbox(const SandboxOptions& options);
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  /// Stops serving; requests under way are answered first, deliveries get a moment more.
  ~Sandbox();

  /// `http://127.0.0.1:8025`
  std::string base_url() const;
  /// The tokens it knows, the owner's first.
  std::span<const Token> tokens() const;
  /// What ended one of its threads.
  const system::ThreadFailure& failure() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bookafy::sandbox
