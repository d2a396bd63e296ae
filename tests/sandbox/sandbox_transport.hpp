/// The sandbox's API as a network: no socket, no port, time and chance in the test's hands.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bookafy/http.hpp"
#include "sandbox/api.hpp"
#include "sandbox/seed.hpp"

namespace bookafy::sandbox {

/// A clock that stands still until it is moved, and numbers that follow from one seed.
struct FixedSurroundings {
  Timestamp now = *parse_timestamp("2026-11-23T09:15:42.118204Z");
  std::uint64_t drawn = 0;

  Surroundings surroundings() {
    return {[this] { return now; }, [this] { return ++drawn * 0x9e3779b97f4a7c15ULL; }};
  }
};

/// Answers every request from a fresh world, in the order of their starting. Keeps the requests for inspection.
class SandboxTransport final : public http::Transport {
 public:
  inline static const std::string base_url = "http://sandbox.test:8025";

  explicit SandboxTransport(int rate_limit = 1'000'000)
      : world(seed_world()), api(world, fixed.surroundings(), base_url, rate_limit) {}

  void start(std::uint64_t id, http::Request request) override {
    requests.push_back(request);
    if (!request.url.starts_with(base_url + "/")) {
      completed_.push_back({id, http::Failure{http::Failure::Reason::resolve, false, "unknown host"}});
      return;
    }
    request.url.erase(0, base_url.size());
    completed_.push_back({id, api.handle(request)});
  }

  std::vector<http::Completed> wait(Deadline) override { return std::exchange(completed_, {}); }

  FixedSurroundings fixed;
  World world;
  Api api;
  std::vector<http::Request> requests;

 private:
  std::vector<http::Completed> completed_;
};

}  // namespace bookafy::sandbox
