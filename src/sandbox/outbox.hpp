/// The deliveries that the world owes its subscribers. Each is a record of the world, written together with the change
/// that it tells of, so that what happened and what is still to be sent cannot come apart.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bookafy/http.hpp"
#include "sandbox/surroundings.hpp"
#include "sandbox/world.hpp"

namespace bookafy::sandbox {

/// The log keeps so many deliveries; beyond them the oldest that are not pending are forgotten.
inline constexpr std::size_t kept_deliveries = 1000;

/// Adds a delivery to the changes for every active subscription that covers one of their occurrences.
///
/// A delivery's document: `uri`, `subscription`, `organization`, `callback_url`, `event`, `state` (`pending`,
/// `delivered`, `abandoned`), `attempts` (each `number`, `at`, `ended_at`, `status`, `failure`; the last three null
/// while it is under way), `next_attempt_at` or null, `envelope`, `created_at`, `updated_at`.
void add_deliveries(const World& world, Changes& changes);

struct Attempt {
  std::uint64_t id = 0;
  http::Request request;
};

/// Decides what is sent when, and writes down what became of it. One thread at a time; whoever else touches the world
/// is kept out during every call.
class Outbox {
 public:
  /// Takes up what the world has pending; attempts that were under way when it was last closed are made again.
  Outbox(World& world, const Surroundings& surroundings, std::string base_url);

  /// Begins what is due, some at once for each subscription, so that none waits for another. That an attempt was begun
  /// is written down before it is returned. When it throws nothing was begun.
  ///
  /// The envelope's `created_at` and every signature tell the time outside the sandbox, because receivers compare them
  /// with clocks of their own. The first attempt's are the same second; later ones are signed anew.
  std::vector<Attempt> begin();
  /// Takes what became of attempts. When it throws nothing was taken: call it again.
  void finish(const std::vector<http::Completed>& ended);
  /// When `begin` may have something, without anything new or anything ending; nullopt: not before.
  std::optional<Timestamp> due() const;
  std::size_t under_way() const { return subscription_of_.size(); }

 private:
  /// One subscription's pending deliveries by the time they are due, without those under way.
  struct Lane {
    std::set<std::pair<Timestamp, std::int64_t>> waiting;
    std::size_t under_way = 0;
  };
  class Edits;
  using Picked = std::pair<std::string, std::pair<Timestamp, std::int64_t>>;

  void take_in();
  std::vector<Picked> pick() const;
  std::optional<Attempt> start(Edits& edits, std::int64_t number) const;
  void note_success(Edits& edits, Record& delivery) const;
  void note_failure(Edits& edits, Record& delivery) const;
  void release(std::uint64_t id);

  World& world_;
  const Surroundings surroundings_;
  const std::string base_url_;
  std::map<std::string, Lane> lanes_;                     ///< by the subscription's path
  std::map<std::uint64_t, std::string> subscription_of_;  ///< of what is under way
  std::int64_t last_seen_ = 0;
};

}  // namespace bookafy::sandbox
