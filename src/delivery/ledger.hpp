/// The store of a listener: every delivery as received, what is still to be done with it, and the bookings they tell
/// of.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/timestamp.hpp"
#include "delivery/bookings.hpp"
#include "delivery/delivery.hpp"
#include "storage/sqlite.hpp"

namespace bookafy::delivery {

/// What has to be done with a delivery after it is stored.
enum class Task { forward, exec };

/// A delivery on disk.
struct Stored {
  std::int64_t number = 0;  ///< ascending in the order of arrival
  Delivery delivery;        ///< without its document
};

/// A pending task: which delivery, and whose turn it is.
struct Pending {
  std::int64_t number = 0;
  std::string uri;  ///< `payload.uri` of the delivery: those of one are done one after the other
};

/// One thread at a time; several of them may have the same file open, also in other processes.
class Ledger {
 public:
  enum class Mode {
    write,  ///< made when missing
    read,   ///< must exist
  };
  /// An older version's file is brought up to date first. Throws Error: usage when the file is missing (read), is
  /// something else or was made by a newer version; internal when it cannot be used. `check` is called now and then
  /// while the whole store is read; what it throws ends that.
  Ledger(const std::string& file, Mode mode, std::function<void()> check = {});

  /// What is added between begin and commit is on disk when commit returns, all or nothing. A batch that was not
  /// committed is undone by the next begin, or by rollback.
  void begin();
  void commit();
  void rollback() noexcept;

  /// In a batch. False when a repetition of it is there already.
  bool add(const Delivery& delivery, const std::vector<Task>& tasks);
  /// In a batch. A task that is not pending is fine.
  void finish(std::int64_t number, Task task);
  /// In a batch: an invitee that no delivery told of, as the API has it, with its scheduled event.
  void add_booking(const Value& invitee, const Value& event);

  Stored read(std::int64_t number);
  /// Up to `limit` of them with a number above `after`, in order.
  std::vector<Pending> pending(Task task, std::int64_t after, int limit);

  struct Filter {
    std::string event;  ///< empty: all
    std::optional<Timestamp> since;
  };
  /// Until `use` returns false.
  void each_delivery(const Filter& filter, const std::function<bool(Stored)>& use);
  /// Those that the filter lets through, in order.
  std::vector<std::int64_t> numbers(const Filter& filter);
  /// One row an invitee, in the order in which they were first heard of, until `use` returns false.
  void each_booking(const std::function<bool(const Booking&)>& use);

 private:
  Ledger(const std::string& file, storage::Access access, std::function<void()> check);

  storage::Database database_;
  std::function<void()> check_;
  std::optional<storage::Transaction> batch_;
  storage::Statement insert_;
  storage::Statement insert_task_;
  storage::Statement delete_task_;
  storage::Statement select_;
  Bookings bookings_;
};

}  // namespace bookafy::delivery
