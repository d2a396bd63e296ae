#include "delivery/forwarder.hpp"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "delivery/lanes.hpp"
#include "delivery/ledger.hpp"
#include "delivery/target.hpp"
#include "server/blocked_signals.hpp"

namespace bookafy::delivery {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_under_way = 16;
/// Numbers kept in memory; more stay in the store until there is room.
constexpr std::size_t most_held = 10'000;

}  // namespace

struct Forwarder::State {
  State(ForwarderOptions given, Notices& notice_queue)
      : options(std::move(given)),
        notices(notice_queue),
        ledger(options.store, Ledger::Mode::read),
        transport(options.transport(wake)) {}

  void run() {
    while (!stopping) {
      try {
        fetch();
        send();
        wait(lanes.due(Clock::now()).value_or(Clock::now() + long_time));
      } catch (const std::exception& error) {
        notices.say(fmt::format("cannot read the store: {}", error.what()));
        wait(Clock::now() + retry_wait(1));
      }
    }
    for (const auto end = Clock::now() + farewell; lanes.under_way() > 0 && Clock::now() < end;) wait(end);
  }

  void fetch() {
    if (lanes.size() >= most_held / 2) return;
    for (const Pending& one : ledger.pending(Task::forward, last, static_cast<int>(most_held - lanes.size()))) {
      lanes.add(one);
      last = one.number;
    }
  }

  void send() {
    while (lanes.under_way() < most_under_way) {
      const auto number = lanes.next(Clock::now());
      if (!number) return;
      transport->start(static_cast<std::uint64_t>(*number), passed_on(options.url, ledger.read(*number).delivery));
    }
  }

  void wait(Clock::time_point until) {
    if (lanes.under_way() >= most_under_way) until = Clock::now() + long_time;
    try {
      for (const http::Completed& one : transport->wait(until)) complete(one);
    } catch (const http::Interrupted&) {
      // Woken: there is more in the store, or this is the end.
    }
  }

  void complete(const http::Completed& completed) {
    const auto number = static_cast<std::int64_t>(completed.id);
    if (is_taken(completed.outcome)) {
      lanes.taken(number);
      options.taken(number);
      return;
    }
    const bool answered = std::holds_alternative<http::Response>(completed.outcome);
    const auto pause = answered ? lanes.refused(number, Clock::now()) : lanes.unreachable(number, Clock::now());
    notices.say(fmt::format("delivery {} could not be forwarded to {}: {}; next try in {:.1f} s", number, options.url,
                            account_of(completed.outcome), static_cast<double>(pause.count()) / 1000));
  }

  ForwarderOptions options;
  Notices& notices;
  system::Wake wake;
  Ledger ledger;
  std::unique_ptr<http::Transport> transport;
  Lanes lanes;
  std::int64_t last = 0;  ///< the newest delivery that was fetched
  std::atomic<bool> stopping{false};
  std::thread thread;
};

Forwarder::Forwarder(ForwarderOptions options, Notices& notices)
    : state_(std::make_unique<State>(std::move(options), notices)) {
  const server::BlockedSignals quiet;
  state_->thread = std::thread([this] { state_->run(); });
}

Forwarder::~Forwarder() {
  state_->stopping = true;
  state_->wake.call();
  state_->thread.join();
}

void Forwarder::look() { state_->wake.call(); }

}  // namespace bookafy::delivery
