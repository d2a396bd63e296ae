/// The sandbox's API on a real socket, where a test decides what becomes of each request.
#pragma once

#include <sys/types.h>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bookafy/http.hpp"
#include "faults/server.hpp"
#include "program/process.hpp"
#include "sandbox/sandbox_transport.hpp"

namespace faults {

/// One request a connection, one after the other, so that a test sees them in an order.
class LiveApi {
 public:
  /// What the client gets instead of the API's answer: nothing but a closed connection when empty. nullopt: the answer.
  using Fault = std::function<std::optional<std::string>(const bookafy::http::Request& request)>;

  LiveApi();
  std::string url() const { return server_.url(); }

  /// What the API does with a request; for faults that let it arrive, and for tests.
  bookafy::http::Response deliver(const bookafy::http::Request& request);
  /// From now on, with requests counted anew.
  void set_fault(Fault fault);
  /// `METHOD path`, without the query, of all requests since the last fault was set.
  std::vector<std::string> requests() const;

  /// Makes a subscription of the owner's.
  void subscribe(const std::string& callback_url, const std::string& event);
  /// The owner's account as `URL scope events` lines, sorted.
  std::vector<std::string> account();

  /// A run of the built program on it, as the owner.
  program::Outcome run(const std::vector<std::string>& arguments, const std::string& input = "");
  /// The process of the run under way.
  pid_t process() const;

 private:
  void answer(Socket& connection);

  program::TemporaryFolder folder_;
  mutable std::mutex mutex_;
  Fault fault_;
  std::vector<std::string> requests_;
  bookafy::sandbox::World world_{bookafy::sandbox::seed_world()};
  bookafy::sandbox::Api api_{world_, {}, bookafy::sandbox::SandboxTransport::base_url, 1'000'000};
  Server server_{[this](Socket& connection, int) { answer(connection); }};
};

}  // namespace faults
