/// The state of the sandbox: every object of the API, kept in memory and, with a store, on disk.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/occurrence.hpp"
#include "sandbox/store.hpp"

namespace bookafy::sandbox {

/// What one request changes, all or nothing.
struct Changes {
  std::vector<Record> put;  ///< new or replaced; a number of 0 means new
  std::vector<std::string> erased{};
  std::vector<Occurrence> occurrences{};  ///< what subscribers hear of it

  void add(Value document) { put.push_back({0, std::move(document), {}}); }
};

/// One thread at a time: Api holds a lock around it.
class World {
 public:
  using Table = std::map<std::int64_t, Record>;  ///< in the order of creation

  /// In memory, with these records.
  explicit World(std::vector<Record> records);
  /// Kept in the store; `seed` fills an empty one.
  World(std::unique_ptr<Store> store, std::vector<Record> seed);

  /// By path (`/users/<id>`); nullptr when there is none. Valid until the next apply.
  const Record* find(std::string_view path) const;
  /// All of one collection (`users`, `invitees`).
  const Table& all(std::string_view collection) const;

  /// On the disk first, then in memory: when it throws nothing has changed. A document's keys are put into
  /// alphabetical order; one with the `uri` of a present record replaces it and keeps its number. Who is to hear of the
  /// occurrences gets a delivery in the same transaction.
  void apply(Changes changes);
  /// Of the youngest record.
  std::int64_t last_number() const { return last_number_; }

 private:
  void place(Record record);

  std::unique_ptr<Store> store_;
  std::map<std::string, Table, std::less<>> tables_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;  ///< by path
  std::int64_t last_number_ = 0;
};

/// `invitees` of `/scheduled_events/<a>/invitees/<b>`
std::string_view collection_of(std::string_view path);
/// The id at the end of a path.
std::string_view id_of(std::string_view path);

}  // namespace bookafy::sandbox
