#include "delivery/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "bookafy/error.hpp"
#include "delivery/ledger_schema.hpp"

namespace bookafy::delivery {
namespace {

constexpr std::string_view columns =
    "number, identity, received_at, event, uri, created_at, verification, headers, body";

constexpr std::string_view filtered = "WHERE (?1 = '' OR event = ?1) AND received_at >= ?2 ORDER BY number";

void bind(storage::Statement& rows, const Ledger::Filter& filter) {
  rows.bind(1, filter.event)
      .bind(2, filter.since ? std::int64_t{filter.since->time_since_epoch().count()}
                            : std::numeric_limits<std::int64_t>::min());
}

/// Looks before it opens for writing: that alone would change a file that is not ours.
storage::Access access_for(const std::string& file, Ledger::Mode mode) {
  const bool reads = mode == Ledger::Mode::read;
  if (reads && !std::filesystem::exists(file))
    throw Error(ErrorKind::usage, fmt::format("cannot use the store {}: there is no such file", file));
  const bool is_present = storage::version_of(file, ledger_schema) == ledger_schema.migrations.size();
  return reads && is_present ? storage::Access::read_only : storage::Access::read_write;
}

storage::Database& prepared(storage::Database& database, storage::Access access) {
  if (access == storage::Access::read_only) return database;
  storage::migrate(database, ledger_schema);
  return database;
}

std::string lines_of(const std::vector<http::Header>& headers) {
  std::string lines;
  for (const auto& [name, value] : headers) lines.append(name).append(": ").append(value).append("\n");
  return lines;
}

std::vector<http::Header> headers_of(std::string_view lines) {
  std::vector<http::Header> headers;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    const auto colon = std::min(line.find(": "), line.size());
    headers.push_back({std::string(line.substr(0, colon)), std::string(line.substr(std::min(colon + 2, line.size())))});
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return headers;
}

Stored stored_of(const storage::Statement& row) {
  const bool valid = row.text(6) == to_string(Verification::valid);
  Stored stored;
  stored.number = row.integer(0);
  stored.delivery = {.event = std::string(row.text(3)),
                     .created_at = std::string(row.text(5)),
                     .uri = std::string(row.text(4)),
                     .identity = std::string(row.blob(1)),
                     .received_at = Timestamp(std::chrono::microseconds(row.integer(2))),
                     .verification = valid ? Verification::valid : Verification::unchecked,
                     .headers = headers_of(row.blob(7)),
                     .body = std::string(row.blob(8)),
                     .document = {}};
  return stored;
}

}  // namespace

Ledger::Ledger(const std::string& file, Mode mode, std::function<void()> check)
    : Ledger(file, access_for(file, mode), std::move(check)) {}

Ledger::Ledger(const std::string& file, storage::Access access, std::function<void()> check)
    : database_(file, access),
      check_(std::move(check)),
      insert_(prepared(database_, access),
              "INSERT INTO deliveries (identity, received_at, event, uri, created_at, verification, headers, body) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (created_at, identity) DO NOTHING RETURNING number"),
      insert_task_(database_, "INSERT INTO tasks (task, delivery) VALUES (?1, ?2)"),
      delete_task_(database_, "DELETE FROM tasks WHERE task = ?1 AND delivery = ?2"),
      select_(database_, fmt::format("SELECT {} FROM deliveries WHERE number = ?1", columns)),
      bookings_(database_) {}

void Ledger::begin() {
  batch_.reset();
  batch_.emplace(database_);
}

void Ledger::commit() {
  batch_->commit();
  batch_.reset();
}

void Ledger::rollback() noexcept { batch_.reset(); }

bool Ledger::add(const Delivery& delivery, const std::vector<Task>& tasks) {
  insert_.bind_blob(1, delivery.identity)
      .bind(2, std::int64_t{delivery.received_at.time_since_epoch().count()})
      .bind(3, delivery.event)
      .bind(4, delivery.uri)
      .bind(5, delivery.created_at)
      .bind(6, to_string(delivery.verification))
      .bind_blob(7, lines_of(delivery.headers))
      .bind_blob(8, delivery.body);
  if (!insert_.step()) return false;
  const std::int64_t number = insert_.integer(0);
  insert_.run();
  for (const Task task : tasks) insert_task_.bind(1, static_cast<std::int64_t>(task)).bind(2, number).run();
  if (tells_of_invitee(delivery.event, delivery.uri)) {
    const Value& payload = *delivery.document.find("payload");
    const Value* event = payload.find("scheduled_event");
    bookings_.add(payload, event ? *event : Value(), moment_of(payload, delivery.created_at), "delivery");
  }
  return true;
}

void Ledger::finish(std::int64_t number, Task task) {
  delete_task_.bind(1, static_cast<std::int64_t>(task)).bind(2, number).run();
}

void Ledger::add_booking(const Value& invitee, const Value& event) {
  bookings_.add(invitee, event, moment_of(invitee, {}), "api");
}

Stored Ledger::read(std::int64_t number) {
  select_.reset();
  if (!select_.bind(1, number).step())
    throw Error(ErrorKind::internal, fmt::format("the store {} has no delivery {}", database_.file(), number));
  Stored stored = stored_of(select_);
  select_.reset();
  return stored;
}

std::vector<Pending> Ledger::pending(Task task, std::int64_t after, int limit) {
  storage::Statement rows(database_,
                          "SELECT delivery, uri FROM tasks JOIN deliveries ON number = delivery "
                          "WHERE task = ?1 AND delivery > ?2 ORDER BY delivery LIMIT ?3");
  rows.bind(1, static_cast<std::int64_t>(task)).bind(2, after).bind(3, std::int64_t{limit});
  std::vector<Pending> found;
  while (rows.step()) found.push_back({rows.integer(0), std::string(rows.text(1))});
  return found;
}

std::vector<std::int64_t> Ledger::numbers(const Filter& filter) {
  const storage::Watch watch(database_, check_);
  storage::Statement rows(database_, fmt::format("SELECT number FROM deliveries {}", filtered));
  bind(rows, filter);
  std::vector<std::int64_t> found;
  while (rows.step()) found.push_back(rows.integer(0));
  return found;
}

void Ledger::each_delivery(const Filter& filter, const std::function<bool(Stored)>& use) {
  const storage::Watch watch(database_, check_);
  storage::Statement rows(database_, fmt::format("SELECT {} FROM deliveries {}", columns, filtered));
  bind(rows, filter);
  while (rows.step() && use(stored_of(rows))) {
  }
}

void Ledger::each_booking(const std::function<bool(const Booking&)>& use) {
  const storage::Watch watch(database_, check_);
  Bookings::each(database_, use);
}

}  // namespace bookafy::delivery
