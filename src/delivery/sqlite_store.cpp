#include "delivery/sqlite_store.hpp"

#include <fmt/format.h>

#include "delivery/sqlite_rows.hpp"
#include "delivery/sqlite_schema.hpp"

namespace bookafy::delivery {
namespace {

storage::Database& migrated(storage::Database& database) {
  storage::migrate(database, store_schema);
  return database;
}

}  // namespace

SqliteStore::SqliteStore(const std::string& file)
    : database_(storage::checked_for_writing(file, store_schema), storage::Access::read_write),
      insert_(migrated(database_),
              "INSERT INTO deliveries (identity, received_at, event, uri, created_at, verification, headers, body) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (created_at, identity) DO NOTHING RETURNING number"),
      insert_task_(database_, "INSERT INTO tasks (task, delivery) VALUES (?1, ?2)"),
      delete_task_(database_, "DELETE FROM tasks WHERE task = ?1 AND delivery = ?2"),
      select_(database_, fmt::format("SELECT {} FROM deliveries WHERE number = ?1", delivery_columns)),
      states_(database_) {}

void SqliteStore::begin() {
  batch_.reset();
  batch_.emplace(database_);
}

void SqliteStore::commit() {
  batch_->commit();
  batch_.reset();
}

void SqliteStore::rollback() noexcept { batch_.reset(); }

bool SqliteStore::add(const Delivery& delivery, const std::vector<Task>& tasks) {
  insert_.bind_blob(1, delivery.identity)
      .bind(2, std::int64_t{delivery.received_at.time_since_epoch().count()})
      .bind(3, delivery.event)
      .bind(4, delivery.uri)
      .bind(5, delivery.created_at)
      .bind(6, to_string(delivery.verification))
      .bind_blob(7, header_lines(delivery.headers))
      .bind_blob(8, delivery.body);
  if (!insert_.step()) return false;
  const std::int64_t number = insert_.integer(0);
  insert_.run();
  for (const Task task : tasks) insert_task_.bind(1, static_cast<std::int64_t>(task)).bind(2, number).run();
  states_.add(delivery);
  return true;
}

void SqliteStore::finish(std::int64_t number, Task task) {
  delete_task_.bind(1, static_cast<std::int64_t>(task)).bind(2, number).run();
}

void SqliteStore::add_booking(const Value& invitee, const Value& event, Timestamp fetched_at) {
  states_.add(invitee, event, {.updated_at = parse_timestamp(invitee.text_at("updated_at")), .sent_at = fetched_at},
              "api");
}

Stored SqliteStore::read(std::int64_t number) { return stored_with_number(database_, select_, number); }

std::vector<Pending> SqliteStore::pending(Task task, std::int64_t after, int limit) {
  storage::Statement rows(database_,
                          "SELECT delivery, uri FROM tasks JOIN deliveries ON number = delivery "
                          "WHERE task = ?1 AND delivery > ?2 ORDER BY delivery LIMIT ?3");
  rows.bind(1, static_cast<std::int64_t>(task)).bind(2, after).bind(3, std::int64_t{limit});
  std::vector<Pending> found;
  while (rows.step()) found.push_back({rows.integer(0), std::string(rows.text(1))});
  return found;
}

}  // namespace bookafy::delivery
