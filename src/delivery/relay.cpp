#include "delivery/relay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "delivery/target.hpp"

namespace bookafy::delivery {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int first_final_status = 200;
constexpr int last_status = 599;
constexpr int gone = 410;

/// The target's status. A 410, which would delete the subscription, and what is no final status become 502. Without an
/// answer: 504 after a timeout, else 502.
http::Response answer_of(const http::Outcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  if (!response) {
    if (std::get<http::Failure>(outcome).reason == http::Failure::Reason::timeout)
      return answer(504, "the target did not answer in time\n");
    return answer(502, "the target could not be reached\n");
  }
  if (response->status == gone) return answer(502, "the target answered 410\n");
  if (response->status < first_final_status || response->status > last_status)
    return answer(502, "the target's answer cannot be passed on\n");
  return answer(response->status);
}

}  // namespace

struct Relay::State {
  void run() {
    while (take_new()) {
      start_queued();
      wait(Clock::now() + long_time);
    }
  }

  /// False at the end.
  bool take_new() {
    const std::lock_guard lock(mutex);
    std::move(waiting.begin(), waiting.end(), std::back_inserter(queued));
    waiting.clear();
    return !stopping;
  }

  void start_queued() {
    for (; !queued.empty() && under_way.size() < most_forwarded_at_once; queued.pop_front()) {
      // The sender has its answer already, and sends it again.
      if (Clock::now() - queued.front().arrived > forward_limits.whole) continue;
      transport->start(++last, passed_on(options.url, queued.front().delivery));
      under_way.emplace(last, std::move(queued.front()));
    }
  }

  void wait(Clock::time_point until) {
    try {
      for (const http::Completed& one : transport->wait(until)) complete(one);
    } catch (const http::Interrupted&) {
      // Woken: there is a new one, or this is the end.
    }
  }

  void complete(const http::Completed& completed) {
    const Arrival arrival = std::move(under_way.extract(completed.id).mapped());
    if (is_taken(completed.outcome))
      options.taken(arrival.delivery.identity);
    else
      notices.say(fmt::format("{} was not taken by {}: {}", arrival.delivery.event, options.url,
                              account_of(completed.outcome)));
    arrival.respond(answer_of(completed.outcome));
  }

  RelayOptions options;
  Notices& notices;
  system::ThreadFailure& failure;
  system::Wake wake{};
  std::unique_ptr<http::Transport> transport{};
  std::deque<Arrival> queued{};
  std::unordered_map<std::uint64_t, Arrival> under_way{};
  std::uint64_t last = 0;
  std::mutex mutex{};
  bool stopping = false;
  std::vector<Arrival> waiting{};
  system::WorkerThread thread{};
};

Relay::Relay(RelayOptions options, Notices& notices, system::ThreadFailure& failure)
    : state_(new State{std::move(options), notices, failure}) {
  state_->transport = state_->options.transport(state_->wake);
}

Relay::~Relay() { stop(); }

void Relay::start() {
  state_->thread.start("forwarding deliveries", state_->failure, [this] { state_->run(); });
}

void Relay::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.call();
  state_->thread.join();
}

void Relay::pass_on(Arrival arrival) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->waiting.push_back(std::move(arrival));
  }
  state_->wake.call();
}

}  // namespace bookafy::delivery
