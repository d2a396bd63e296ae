#include "delivery/sqlite_schema.hpp"

#include <fmt/format.h>

#include <array>

#include "delivery/delivery.hpp"
#include "delivery/sqlite_bookings.hpp"

namespace bookafy::delivery {
namespace {

constexpr const char* version_1 = R"sql(
CREATE TABLE deliveries (
  number INTEGER PRIMARY KEY,
  identity BLOB NOT NULL UNIQUE,
  received_at INTEGER NOT NULL,  -- microseconds since 1970
  event TEXT NOT NULL,
  uri TEXT NOT NULL,             -- payload.uri, or empty
  created_at TEXT NOT NULL,
  verification TEXT NOT NULL,
  headers BLOB NOT NULL,         -- a line `name: value` each
  body BLOB NOT NULL) STRICT;
CREATE TABLE tasks (
  task INTEGER NOT NULL,
  delivery INTEGER NOT NULL REFERENCES deliveries (number),
  PRIMARY KEY (task, delivery)) STRICT, WITHOUT ROWID;
CREATE TABLE bookings (
  number INTEGER PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,
  moment INTEGER NOT NULL,
  canceled INTEGER NOT NULL,
  rescheduled INTEGER NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  event TEXT NOT NULL,
  event_name TEXT NOT NULL,
  start_time TEXT NOT NULL,
  end_time TEXT NOT NULL,
  old_invitee TEXT,
  new_invitee TEXT,
  canceled_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  no_show INTEGER NOT NULL,
  source TEXT NOT NULL) STRICT;
CREATE INDEX bookings_by_old_invitee ON bookings (old_invitee) WHERE old_invitee IS NOT NULL;
CREATE INDEX bookings_by_new_invitee ON bookings (new_invitee) WHERE new_invitee IS NOT NULL;
)sql";

/// Everything grows at one end, so that storing a delivery costs the same however many there are: identities are spread
/// evenly, but time leads their index; and what is said of an invitee is put together when somebody asks.
constexpr const char* version_2 = R"sql(
ALTER TABLE tasks RENAME TO old_tasks;
ALTER TABLE deliveries RENAME TO old_deliveries;
CREATE TABLE deliveries (
  number INTEGER PRIMARY KEY,
  identity BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  uri TEXT NOT NULL,
  created_at TEXT NOT NULL,
  verification TEXT NOT NULL,
  headers BLOB NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (created_at, identity)) STRICT;
INSERT INTO deliveries SELECT * FROM old_deliveries;
CREATE TABLE tasks (
  task INTEGER NOT NULL,
  delivery INTEGER NOT NULL REFERENCES deliveries (number),
  PRIMARY KEY (task, delivery)) STRICT, WITHOUT ROWID;
INSERT INTO tasks SELECT * FROM old_tasks;
DROP TABLE old_tasks;
DROP TABLE old_deliveries;
CREATE TABLE invitee_states (
  number INTEGER PRIMARY KEY,
  uri TEXT NOT NULL,
  moment INTEGER NOT NULL,       -- microseconds since 1970
  canceled INTEGER NOT NULL,
  rescheduled INTEGER NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  event TEXT NOT NULL,
  event_name TEXT NOT NULL,
  start_time TEXT NOT NULL,
  end_time TEXT NOT NULL,
  old_invitee TEXT,
  new_invitee TEXT,
  canceled_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  no_show INTEGER NOT NULL,
  source TEXT NOT NULL) STRICT;  -- delivery, or api
INSERT INTO invitee_states SELECT * FROM bookings;
DROP TABLE bookings;
CREATE UNIQUE INDEX invitee_states_of_api ON invitee_states (uri) WHERE source = 'api';
)sql";

/// States of an earlier version stay, sent at an unknown time, and lose against those read again from the deliveries.
/// The default serves a listener of that version that is still running.
constexpr const char* version_3 = "ALTER TABLE invitee_states ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0";

/// Calls `use` with each stored delivery, with its document.
template <typename Use>
void each_stored_delivery(storage::Database& database, const Use& use) {
  storage::Statement rows(database,
                          "SELECT number, body, identity FROM deliveries WHERE number > ?1 ORDER BY number LIMIT 1");
  for (std::int64_t last = 0; rows.bind(1, last).step(); rows.reset()) {
    last = rows.integer(0);
    std::string problem;
    const auto delivery = read_delivery(std::string(rows.blob(1)), problem);
    if (delivery) use(*delivery, last, rows.blob(2));
  }
}

/// Earlier identities ignored `payload.updated_at`, and states did not have the time they were sent.
void read_deliveries_again(storage::Database& database) {
  storage::Statement update(database, "UPDATE deliveries SET identity = ?2 WHERE number = ?1");
  InviteeStates states(database);
  each_stored_delivery(database, [&](const Delivery& delivery, std::int64_t number, std::string_view identity) {
    if (delivery.identity != identity) update.bind(1, number).bind_blob(2, delivery.identity).run();
    states.add(delivery);
  });
}

constexpr std::array migrations{storage::Migration{.sql = version_1}, storage::Migration{.sql = version_2},
                                storage::Migration{.sql = version_3, .then = read_deliveries_again}};

}  // namespace

constexpr storage::Schema store_schema{.application = 0x626b6679 /* bkfy */, .migrations = migrations};

void read_old_states(storage::Database& database, std::size_t version) {
  if (version == migrations.size()) return;
  database.execute(fmt::format(R"sql(
CREATE TEMPORARY TABLE IF NOT EXISTS invitee_states (
  number INTEGER PRIMARY KEY, uri, moment, canceled, rescheduled, name, email, event, event_name, start_time, end_time,
  old_invitee, new_invitee, canceled_by, reason, no_show, source, sent_at);
CREATE UNIQUE INDEX IF NOT EXISTS temp.invitee_states_of_api ON invitee_states (uri) WHERE source = 'api';
DELETE FROM temp.invitee_states;
INSERT INTO temp.invitee_states SELECT *, 0 FROM main.{};
)sql",
                               version == 1 ? "bookings" : "invitee_states")
                       .c_str());
  InviteeStates states(database);
  each_stored_delivery(database,
                       [&](const Delivery& delivery, std::int64_t, std::string_view) { states.add(delivery); });
}

}  // namespace bookafy::delivery
