/// Requests in flight: how many at once, what is tried again, and the rate limit that all share. After a 401 no request
/// is sent any more, except one that follows another.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "bookafy/client.hpp"
#include "bookafy/http.hpp"

namespace bookafy::net {

struct Answer {
  http::Outcome outcome;
  /// The answer to an earlier try was lost after the request may have arrived: a DELETE's 404 or a POST's 409 can be
  /// our own doing.
  bool maybe_done_before = false;
  /// Set when it ended because the server asked for a wait over the policy's maximum.
  std::optional<std::chrono::milliseconds> refused_wait;
  /// The outcome is a 401 to another request, after which this one was not sent.
  bool not_begun = false;
};

/// When a request may start.
struct Turn {
  /// How many requests the rate limit must have left: what has to follow this one at once then can. The rest of the
  /// room is kept until this one is awaited.
  std::size_t room = 1;
  /// Room was kept for it: it waits neither for the rate limit nor behind others.
  bool follows = false;
  std::chrono::steady_clock::time_point not_before{};
};

/// What is known of a request that is not waited for any longer.
enum class Fate {
  unsent,     ///< no server has seen it
  uncertain,  ///< it is under way, or an answer to it was lost
  answered,   ///< `await` returns at once
};

class RequestQueue {
 public:
  RequestQueue(http::Transport& transport, RetryPolicy policy, Surroundings surroundings, int max_in_flight);
  RequestQueue(const RequestQueue&) = delete;
  RequestQueue& operator=(const RequestQueue&) = delete;
  /// Stops what is in flight.
  ~RequestQueue();

  /// At least one.
  void limit(int max_in_flight);
  /// Queues a request; it starts at once where limits allow, at the latest in `await` or `progress`.
  std::uint64_t submit(http::Request request, Turn turn = {});
  /// Whether `await` would answer at once.
  bool has_ended(std::uint64_t id) const { return done_.contains(id); }
  /// Drives everything in the queue until that request has ended. Each id is awaited once. Throws http::Interrupted.
  Answer await(std::uint64_t id);
  /// Instead of `await`: stops the request, and drops its answer.
  void abandon(std::uint64_t id);
  /// Drives the queue until something may have changed. Throws http::Interrupted.
  void progress();
  /// Of a request that has not been awaited.
  Fate fate(std::uint64_t id) const;
  /// Drives the queue until that time.
  void run_until(std::chrono::steady_clock::time_point time);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Entry {
    std::uint64_t id = 0;
    http::Request request{};
    Turn turn{};
    std::size_t held = 0;  ///< of its room, once it was started
    int tries = 0;
    bool lost = false;
  };
  struct Ended {
    Answer answer;
    std::size_t held = 0;
  };
  /// What the last answers said of the rate limit (X-RateLimit-Remaining, -Reset). It ends by itself at `ends`.
  struct Window {
    int remaining = 0;
    Time ends;
  };

  Time start_what_can();
  bool may_start(const Entry& entry, Time now);
  std::optional<Time> blocked_until(Time now);
  void fail_all_waiting(std::chrono::milliseconds wait);
  void refuse_the_unsent();
  void refuse(const Entry& entry);
  void finish(http::Completed completed);
  void learn_limit(const http::Response& response, Time now);
  void say_limit(std::chrono::milliseconds wait, Time now);
  void say(const std::string& text) const;

  http::Transport& transport_;
  RetryPolicy policy_;
  Surroundings surroundings_;
  std::size_t max_in_flight_;
  std::deque<Entry> waiting_;
  std::unordered_map<std::uint64_t, Entry> in_flight_;
  std::unordered_map<std::uint64_t, Ended> done_;
  std::size_t held_ = 0;                   ///< requests that room is kept for
  std::optional<http::Response> refusal_;  ///< a 401: the token will not be accepted for the next request either
  std::optional<Window> window_;
  Time told_until_{};  ///< the end of the wait for the limit that was told last
  int limit_ = 0;      ///< requests of a whole window (X-RateLimit-Limit); 0: not known
};

}  // namespace bookafy::net
