/// A network and a clock in the test's hands: no socket, no waiting.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bookafy/client.hpp"
#include "bookafy/http.hpp"

namespace bookafy {

/// Both clocks move only when something waits.
struct FakeTime {
  std::chrono::steady_clock::time_point steady{std::chrono::hours(1000)};
  std::chrono::system_clock::time_point wall = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  double chance = 0.5;
  std::vector<std::string> notes;

  void pass(std::chrono::steady_clock::duration time) {
    steady += time;
    wall += time;
  }
  Surroundings surroundings() {
    return {.steady_now = [this] { return steady; },
            .wall_now = [this] { return wall; },
            .random = [this] { return chance; },
            .notify = [this](const std::string& text) { notes.push_back(text); }};
  }
};

/// Answers each request by a function, in the order of starting, one a wait.
class FakeTransport final : public http::Transport {
 public:
  using Answer = std::function<http::Outcome(const http::Request&)>;

  FakeTransport(FakeTime& time, Answer answer) : time_(time), answer_(std::move(answer)) {}
  /// The n-th request gets the n-th outcome, further ones the last.
  FakeTransport(FakeTime& time, std::vector<http::Outcome> outcomes)
      : FakeTransport(time, [this, outcomes = std::move(outcomes)](const http::Request&) {
          return outcomes.at(std::min(answered_++, outcomes.size() - 1));
        }) {}

  void start(std::uint64_t id, http::Request request) override {
    requests.push_back(request);
    started_at.push_back(time_.steady);
    in_flight_.emplace_back(id, std::move(request));
    most_in_flight = std::max(most_in_flight, in_flight_.size());
  }

  std::vector<http::Completed> wait(Deadline until) override {
    if (interrupt_at == ++waits_) throw http::Interrupted{2, {}};
    if (in_flight_.empty()) {
      if (until > time_.steady) time_.pass(until - time_.steady);
      return {};
    }
    time_.pass(latency);
    auto [id, request] = std::move(in_flight_.front());
    in_flight_.pop_front();
    return {{id, answer_(request), resent}};
  }

  void cancel(std::uint64_t id) override {
    std::erase_if(in_flight_, [id](const auto& one) { return one.first == id; });
    canceled.push_back(id);
  }

  std::vector<std::uint64_t> canceled;
  std::chrono::milliseconds latency{0};
  bool resent = false;   ///< every request counts as sent twice by the transport
  int interrupt_at = 0;  ///< the wait that a signal ends; 0: none
  std::size_t most_in_flight = 0;
  std::vector<http::Request> requests;
  std::vector<std::chrono::steady_clock::time_point> started_at;

 private:
  FakeTime& time_;
  Answer answer_;
  std::size_t answered_ = 0;
  int waits_ = 0;
  std::deque<std::pair<std::uint64_t, http::Request>> in_flight_;
};

inline http::Response json_answer(int status, std::string body, std::vector<http::Header> further = {}) {
  further.push_back({"Content-Type", "application/json; charset=utf-8"});
  return {status, std::move(further), std::move(body)};
}

}  // namespace bookafy
