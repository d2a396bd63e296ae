/// The store of received deliveries in an SQLite file.
#pragma once

#include <optional>

#include "delivery/delivery_store.hpp"
#include "delivery/sqlite_bookings.hpp"
#include "storage/sqlite.hpp"

namespace bookafy::delivery {

class SqliteStore : public DeliveryStore {
 public:
  explicit SqliteStore(const std::string& file);

  void begin() override;
  void commit() override;
  void rollback() noexcept override;

  bool add(const Delivery& delivery, const std::vector<Task>& tasks) override;
  void finish(std::int64_t number, Task task) override;
  void add_booking(const Value& invitee, const Value& event, Timestamp fetched_at) override;

  Stored read(std::int64_t number) override;
  std::vector<Pending> pending(Task task, std::int64_t after, int limit) override;

 private:
  storage::Database database_;
  std::optional<storage::Transaction> batch_;
  storage::Statement insert_;
  storage::Statement insert_task_;
  storage::Statement delete_task_;
  storage::Statement select_;
  InviteeStates states_;
};

}  // namespace bookafy::delivery
