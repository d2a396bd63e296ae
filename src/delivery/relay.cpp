#include "delivery/relay.hpp"

#include <fmt/format.h>

#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "delivery/target.hpp"
#include "server/blocked_signals.hpp"

namespace bookafy::delivery {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

struct Relay::State {
  void run() {
    while (start_new()) wait(Clock::now() + long_time);
    for (const auto end = Clock::now() + farewell; !under_way.empty() && Clock::now() < end;) wait(end);
  }

  /// False at the end.
  bool start_new() {
    std::vector<Arrival> arrivals;
    bool stop = false;
    {
      const std::lock_guard lock(mutex);
      arrivals = std::exchange(waiting, {});
      stop = stopping;
    }
    for (Arrival& arrival : arrivals) {
      transport->start(++last, passed_on(url, arrival.delivery));
      under_way.emplace(last, std::move(arrival));
    }
    return !stop;
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
    const auto* response = std::get_if<http::Response>(&completed.outcome);
    if (is_taken(completed.outcome))
      taken(arrival.delivery.identity);
    else
      notices.say(
          fmt::format("{} was not taken by {}: {}", arrival.delivery.event, url, account_of(completed.outcome)));
    arrival.respond(response ? answer(response->status) : answer(502, "the target could not be reached\n"));
  }

  std::string url;
  Notices& notices;
  std::function<void(const std::string&)> taken;
  system::Wake wake{};
  std::unique_ptr<http::Transport> transport{};
  std::unordered_map<std::uint64_t, Arrival> under_way{};
  std::uint64_t last = 0;
  std::mutex mutex{};
  bool stopping = false;
  std::vector<Arrival> waiting{};
  std::thread thread{};
};

Relay::Relay(std::string url, const TransportFactory& transport, Notices& notices,
             std::function<void(const std::string&)> taken)
    : state_(new State{std::move(url), notices, std::move(taken)}) {
  state_->transport = transport(state_->wake);
  const server::BlockedSignals quiet;
  state_->thread = std::thread([this] { state_->run(); });
}

Relay::~Relay() {
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
