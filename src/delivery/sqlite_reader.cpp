#include "delivery/sqlite_reader.hpp"

#include <fmt/format.h>

#include <limits>

#include "bookafy/error.hpp"
#include "delivery/sqlite_bookings.hpp"
#include "delivery/sqlite_rows.hpp"
#include "delivery/sqlite_schema.hpp"

namespace bookafy::delivery {
namespace {

constexpr std::string_view filtered =
    "WHERE (?1 = '' OR event = ?1) AND received_at >= ?2 AND number > ?3 ORDER BY number";

void bind(storage::Statement& rows, const DeliveryFilter& filter, std::int64_t after) {
  rows.bind(1, filter.event)
      .bind(2, filter.since ? std::int64_t{filter.since->time_since_epoch().count()}
                            : std::numeric_limits<std::int64_t>::min())
      .bind(3, after);
}

}  // namespace

SqliteReader::SqliteReader(std::string file, std::function<void()> check)
    : file_(std::move(file)), check_(std::move(check)) {
  open();
}

void SqliteReader::open() {
  rows_.reset();
  watch_.reset();
  database_.emplace(file_, storage::Access::read_only);
  version_ = storage::version_of(*database_, store_schema);
  if (version_ == 0) {
    Error error(ErrorKind::usage, fmt::format("cannot use the store {}: it is empty", file_));
    error.hint = "name the file that bookafy listen --store writes";
    throw error;
  }
  watch_.emplace(*database_, check_);
}

template <typename Step>
auto SqliteReader::consistent(const Step& step) {
  while (true) {
    try {
      auto result = step();
      if (!database_->is_stale()) return result;
    } catch (const Error&) {
      if (!database_->is_stale()) throw;
    }
    open();
  }
}

Stored SqliteReader::read(std::int64_t number) {
  return consistent([&] {
    storage::Statement select(*database_, fmt::format("SELECT {} FROM deliveries WHERE number = ?1", delivery_columns));
    return stored_with_number(*database_, select, number);
  });
}

std::vector<std::int64_t> SqliteReader::numbers(const DeliveryFilter& filter) {
  return consistent([&] {
    storage::Statement rows(*database_, fmt::format("SELECT number FROM deliveries {}", filtered));
    bind(rows, filter, 0);
    std::vector<std::int64_t> found;
    while (rows.step()) found.push_back(rows.integer(0));
    return found;
  });
}

void SqliteReader::each_delivery(const DeliveryFilter& filter, const std::function<bool(const Stored&)>& use) {
  rows_.reset();
  std::int64_t last = 0;
  while (const auto stored = consistent([&] { return next(filter, last); })) {
    if (!use(*stored)) break;
    last = stored->number;
  }
  rows_.reset();
}

std::optional<Stored> SqliteReader::next(const DeliveryFilter& filter, std::int64_t after) {
  if (!rows_) {
    rows_.emplace(*database_, fmt::format("SELECT {} FROM deliveries {}", delivery_columns, filtered));
    bind(*rows_, filter, after);
  }
  if (!rows_->step()) return std::nullopt;
  return stored_of(*rows_);
}

void SqliteReader::each_booking(const std::function<bool(const Booking&)>& use) {
  consistent([&] {
    read_old_states(*database_, version_);
    collect_bookings(*database_);
    return true;
  });
  each_collected_booking(*database_, use);
}

}  // namespace bookafy::delivery
