#include "net/request_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "net/retry.hpp"

namespace bookafy::net {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds reset_granularity{1};

double seconds(milliseconds wait) { return static_cast<double>(wait.count()) / 1000.0; }

bool was_sent(const http::Completed& completed) {
  const auto* failure = std::get_if<http::Failure>(&completed.outcome);
  if (failure) return failure->sent || completed.resent;
  return completed.resent || std::get<http::Response>(completed.outcome).status >= 500;
}

}  // namespace

RequestQueue::RequestQueue(http::Transport& transport, RetryPolicy policy, Surroundings surroundings, int max_in_flight)
    : transport_(transport),
      policy_(policy),
      surroundings_(std::move(surroundings)),
      max_in_flight_(static_cast<std::size_t>(max_in_flight)) {}

RequestQueue::~RequestQueue() {
  for (const auto& [id, entry] : in_flight_) transport_.cancel(id);
}

void RequestQueue::limit(int max_in_flight) {
  max_in_flight_ = static_cast<std::size_t>(std::max(max_in_flight, 1));
  transport_.set_max_concurrency(max_in_flight_);
}

std::uint64_t RequestQueue::submit(http::Request request, Turn turn) {
  // Unique in the process: a transport may still return what another queue has abandoned.
  static std::atomic<std::uint64_t> last_id{0};
  const std::uint64_t id = ++last_id;
  if (refusal_ && !turn.follows) {
    refuse({.id = id});
    return id;
  }
  waiting_.insert(turn.follows ? waiting_.begin() : waiting_.end(),
                  {.id = id, .request = std::move(request), .turn = turn});
  start_what_can();
  return id;
}

void RequestQueue::abandon(std::uint64_t id) {
  std::erase_if(waiting_, [&](const Entry& entry) {
    if (entry.id == id) held_ -= entry.held;
    return entry.id == id;
  });
  if (const auto node = in_flight_.extract(id)) {
    held_ -= node.mapped().held;
    transport_.cancel(id);
  }
  if (const auto node = done_.extract(id)) held_ -= node.mapped().held;
}

Answer RequestQueue::await(std::uint64_t id) {
  while (!done_.contains(id)) progress();
  auto node = done_.extract(id);
  held_ -= node.mapped().held;
  return std::move(node.mapped().answer);
}

void RequestQueue::progress() {
  const auto ended = done_.size();
  const Time until = start_what_can();
  if (done_.size() != ended) return;  // refused without being sent
  for (auto& completed : transport_.wait(until)) finish(std::move(completed));
}

Fate RequestQueue::fate(std::uint64_t id) const {
  if (done_.contains(id)) return Fate::answered;
  const auto entry =
      std::find_if(waiting_.begin(), waiting_.end(), [id](const Entry& waiting) { return waiting.id == id; });
  return entry != waiting_.end() && !entry->lost ? Fate::unsent : Fate::uncertain;
}

void RequestQueue::run_until(Time time) {
  while (surroundings_.steady_now() < time) {
    const Time next = start_what_can();
    for (auto& completed : transport_.wait(std::min(next, time))) finish(std::move(completed));
  }
}

/// Returns when to look again at the latest.
RequestQueue::Time RequestQueue::start_what_can() {
  const Time now = surroundings_.steady_now();
  if (auto blocked = blocked_until(now); blocked && *blocked - now > policy_.max_wait)
    fail_all_waiting(std::chrono::ceil<milliseconds>(*blocked - now));
  Time next = now + std::chrono::hours(1);
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    if (!may_start(*entry, now)) {
      if (auto blocked = blocked_until(now)) next = std::min(next, *blocked);
      // One that wants room for more than itself holds up none that does not.
      if (entry->turn.room == 1) break;
      ++entry;
      continue;
    }
    if (entry->turn.not_before > now) {
      next = std::min(next, entry->turn.not_before);
      ++entry;
      continue;
    }
    transport_.start(entry->id, entry->request);
    const std::size_t rest = std::exchange(entry->turn.room, 1) - 1;
    entry->held += rest;
    held_ += rest;
    in_flight_.emplace(entry->id, std::move(*entry));
    entry = waiting_.erase(entry);
  }
  return next;
}

bool RequestQueue::may_start(const Entry& entry, Time now) {
  if (in_flight_.size() >= std::min(max_in_flight_, transport_.capacity())) return false;
  if (entry.turn.follows) return true;
  if (window_ && now >= window_->ends) window_.reset();
  // Until its first answer tells more, a new window has room for a whole limit, and one request finds that out.
  if (!window_ && (limit_ == 0 || in_flight_.empty())) return true;
  // Requests in flight may or may not be counted in the server's figure: only when none is left is it exact.
  return in_flight_.size() + held_ + entry.turn.room <= static_cast<std::size_t>(window_ ? window_->remaining : limit_);
}

std::optional<RequestQueue::Time> RequestQueue::blocked_until(Time now) {
  if (waiting_.empty() || !in_flight_.empty() || may_start(waiting_.front(), now)) return std::nullopt;
  return window_->ends;
}

void RequestQueue::fail_all_waiting(milliseconds wait) {
  for (const Entry& entry : waiting_) {
    http::Failure failure{.message = "the rate limit is used up"};
    done_.emplace(entry.id, Ended{.answer = {std::move(failure), entry.lost, wait}, .held = entry.held});
  }
  waiting_.clear();
}

void RequestQueue::refuse(const Entry& entry) {
  Answer answer{*refusal_, entry.lost, std::nullopt, entry.tries == 0};
  done_.emplace(entry.id, Ended{.answer = std::move(answer), .held = entry.held});
}

void RequestQueue::refuse_the_unsent() {
  std::erase_if(waiting_, [this](const Entry& entry) {
    if (!entry.turn.follows) refuse(entry);
    return !entry.turn.follows;
  });
  std::erase_if(in_flight_, [this](const auto& place) {
    const Entry& entry = place.second;
    if (entry.turn.follows || !transport_.cancel_unsent(entry.id)) return false;
    refuse(entry);
    return true;
  });
}

void RequestQueue::finish(http::Completed completed) {
  auto node = in_flight_.extract(completed.id);
  if (node.empty()) return;
  Entry entry = std::move(node.mapped());
  ++entry.tries;
  const Time now = surroundings_.steady_now();
  if (const auto* response = std::get_if<http::Response>(&completed.outcome)) {
    learn_limit(*response, now);
    if (response->status == 401) {
      refusal_ = *response;
      refuse_the_unsent();
    }
  }

  const Decision decision =
      decide(entry.request, completed.outcome, entry.tries, policy_, surroundings_.random(), surroundings_.wall_now());
  const bool sent = was_sent(completed);
  if (decision.verdict != Decision::Verdict::retry) {
    std::optional<milliseconds> refused;
    if (decision.verdict == Decision::Verdict::too_long) refused = decision.wait;
    done_.emplace(entry.id, Ended{.answer = {std::move(completed.outcome), entry.lost || completed.resent, refused},
                                  .held = entry.held});
    return;
  }
  // The wait for the rate limit is told once for all that share it.
  if (now + decision.wait > told_until_)
    say(fmt::format("{} {}: {}; trying again in {:.1f} s ({} of {})", entry.request.method, entry.request.url,
                    decision.why, seconds(decision.wait), entry.tries, policy_.max_retries));
  entry.lost = entry.lost || sent;
  entry.turn.not_before = now + decision.wait;
  waiting_.push_front(std::move(entry));
}

void RequestQueue::learn_limit(const http::Response& response, Time now) {
  if (auto limit = header_number(http::header(response.headers, "X-RateLimit-Limit"))) limit_ = *limit;
  auto remaining = header_number(http::header(response.headers, "X-RateLimit-Remaining"));
  std::optional<milliseconds> reset;
  if (response.status == 429) {
    remaining = 0;
    reset = asked_wait(response, surroundings_.wall_now());
  } else if (auto seconds_left = header_number(http::header(response.headers, "X-RateLimit-Reset"))) {
    reset = std::chrono::seconds(*seconds_left);
  }
  if (!remaining || !reset) return;
  // Answers overtake each other: within one window the smallest figure is the newest. The server counts in whole
  // seconds, so its next window can begin up to one before ours ends; that one ends clearly later.
  const Time ends = now + *reset;
  const bool same_window = window_ && now < window_->ends && ends < window_->ends + 2 * reset_granularity;
  if (same_window) remaining = std::min(*remaining, window_->remaining);
  window_ = Window{*remaining, ends};
  const bool somebody_waits = response.status == 429 || !waiting_.empty();
  if (*remaining == 0 && somebody_waits && *reset <= policy_.max_wait) say_limit(*reset, now);
}

void RequestQueue::say_limit(milliseconds wait, Time now) {
  if (wait.count() == 0 || now + wait < told_until_ + 2 * reset_granularity) return;
  told_until_ = now + wait;
  say(fmt::format("rate limit reached; waiting {:.0f} s", seconds(wait)));
}

void RequestQueue::say(const std::string& text) const {
  if (surroundings_.notify) surroundings_.notify(text);
}

}  // namespace bookafy::net
