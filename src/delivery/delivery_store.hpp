/// The store of received deliveries: an interface, independent of the database behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"
#include "delivery/booking.hpp"
#include "delivery/delivery.hpp"

namespace bookafy::delivery {

/// What has to be done with a delivery after it is stored.
enum class Task { forward, exec };

struct Stored {
  std::int64_t number = 0;  ///< ascending in the order of arrival
  Delivery delivery;        ///< without its document
};

struct Pending {
  std::int64_t number = 0;
  std::string uri;  ///< `payload.uri`: tasks of one URI are done in order
};

struct DeliveryFilter {
  std::string event;  ///< empty: all
  std::optional<Timestamp> since;
};

/// Reads a store, also one that another process writes to at the same time. Creates and changes nothing, and needs no
/// permission to. One thread at a time. Every function throws Error (internal) when the store cannot be read.
class DeliveryReader {
 public:
  DeliveryReader() = default;
  DeliveryReader(const DeliveryReader&) = delete;
  DeliveryReader& operator=(const DeliveryReader&) = delete;
  virtual ~DeliveryReader() = default;

  virtual Stored read(std::int64_t number) = 0;
  /// The numbers that match the filter, ascending.
  virtual std::vector<std::int64_t> numbers(const DeliveryFilter& filter) = 0;
  /// In the order of arrival, until `use` returns false.
  virtual void each_delivery(const DeliveryFilter& filter, const std::function<bool(const Stored&)>& use) = 0;
  /// One row an invitee, in the order of their first mention, until `use` returns false.
  virtual void each_booking(const std::function<bool(const Booking&)>& use) = 0;
};

/// Writes a store, and reads what is still to be done. One thread at a time; several objects, also of other processes,
/// may have the same store open. Every function throws Error (internal) when the store cannot be used.
class DeliveryStore {
 public:
  DeliveryStore() = default;
  DeliveryStore(const DeliveryStore&) = delete;
  DeliveryStore& operator=(const DeliveryStore&) = delete;
  virtual ~DeliveryStore() = default;

  /// Everything added between begin and commit is safe when commit returns, all or nothing. The next begin, or
  /// rollback, undoes a batch that was not committed.
  virtual void begin() = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

  /// In a batch. False for a repetition of a stored delivery.
  virtual bool add(const Delivery& delivery, const std::vector<Task>& tasks) = 0;
  /// In a batch. No effect when the task is not pending.
  virtual void finish(std::int64_t number, Task task) = 0;
  /// In a batch: an invitee as the API returned it at a time, with its scheduled event.
  virtual void add_booking(const Value& invitee, const Value& event, Timestamp fetched_at) = 0;

  virtual Stored read(std::int64_t number) = 0;
  /// Up to `limit` deliveries with a number above `after`, ascending.
  virtual std::vector<Pending> pending(Task task, std::int64_t after, int limit) = 0;
};

/// Creates a missing store and upgrades an older one. Throws Error (usage) when the name belongs to something else, a
/// newer version wrote it, or it cannot be opened.
std::unique_ptr<DeliveryStore> open_store(const std::string& name);

/// The store must exist; one of an older version is read as it is. `check` is called now and then while the whole store
/// is read; what it throws ends that. Throws Error (usage) like open_store.
std::unique_ptr<DeliveryReader> open_store_for_reading(const std::string& name, std::function<void()> check = {});

}  // namespace bookafy::delivery
