#include "delivery/forwarder.hpp"

#include <fmt/format.h>

#include <atomic>

#include "bookafy/error.hpp"
#include "delivery/delivery_store.hpp"
#include "delivery/lanes.hpp"
#include "delivery/target.hpp"

namespace bookafy::delivery {
namespace {

using Clock = std::chrono::steady_clock;

/// Numbers kept in memory; more stay in the store until there is room.
constexpr std::size_t most_held = 10'000;

}  // namespace

struct Forwarder::State {
  State(ForwarderOptions given, Notices& notice_queue, system::ThreadFailure& thread_failure)
      : options(std::move(given)),
        notices(notice_queue),
        failure(thread_failure),
        delivery_store(open_store(options.store)),
        transport(options.transport(wake)) {}

  void run() {
    while (!stopping) wait(send_pending());
    for (const auto end = Clock::now() + farewell; lanes.under_way() > 0 && Clock::now() < end;) wait(end);
  }

  /// Returns how long there is nothing more to send. A store that cannot be read is tried again.
  Clock::time_point send_pending() {
    try {
      fetch();
      send();
      failed_reads = 0;
      return lanes.due(Clock::now()).value_or(Clock::now() + long_time);
    } catch (const Error& error) {
      const auto pause = retry_wait(++failed_reads);
      notices.say(fmt::format("cannot read the store: {}; next try in {:.1f} s", error.message,
                              static_cast<double>(pause.count()) / 1000));
      return Clock::now() + pause;
    }
  }

  void fetch() {
    if (lanes.size() >= most_held / 2) return;
    for (const Pending& one :
         delivery_store->pending(Task::forward, last, static_cast<int>(most_held - lanes.size()))) {
      lanes.add(one);
      last = one.number;
    }
  }

  void send() {
    while (lanes.under_way() < most_forwarded_at_once) {
      const auto number = lanes.next(Clock::now());
      if (!number) return;
      transport->start(static_cast<std::uint64_t>(*number),
                       passed_on(options.url, delivery_store->read(*number).delivery));
      lanes.begin(*number);
    }
  }

  void wait(Clock::time_point until) {
    if (lanes.under_way() >= most_forwarded_at_once) until = Clock::now() + long_time;
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
    const auto* failed = std::get_if<http::Failure>(&completed.outcome);
    // A target that was reached is no reason for other deliveries to wait.
    const bool reached = !failed || failed->sent;
    const auto pause = reached ? lanes.refused(number, Clock::now()) : lanes.unreachable(number, Clock::now());
    notices.say(fmt::format("delivery {} could not be forwarded to {}: {}; next try in {:.1f} s", number, options.url,
                            account_of(completed.outcome), static_cast<double>(pause.count()) / 1000));
  }

  ForwarderOptions options;
  Notices& notices;
  system::ThreadFailure& failure;
  system::Wake wake;
  std::unique_ptr<DeliveryStore> delivery_store;
  std::unique_ptr<http::Transport> transport;
  Lanes lanes;
  std::int64_t last = 0;  ///< the newest delivery that was fetched
  std::atomic<bool> stopping{false};
  int failed_reads = 0;
  system::WorkerThread thread;
};

Forwarder::Forwarder(ForwarderOptions options, Notices& notices, system::ThreadFailure& failure)
    : state_(std::make_unique<State>(std::move(options), notices, failure)) {}

Forwarder::~Forwarder() { stop(); }

void Forwarder::start() {
  state_->thread.start("forwarding deliveries", state_->failure, [this] { state_->run(); });
}

void Forwarder::stop() {
  state_->stopping = true;
  state_->wake.call();
  state_->thread.join();
}

void Forwarder::look() { state_->wake.call(); }

}  // namespace bookafy::delivery
