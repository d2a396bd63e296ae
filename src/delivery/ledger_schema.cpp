#include "delivery/ledger_schema.hpp"

#include <array>

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

constexpr std::array migrations{version_1, version_2};

}  // namespace

constexpr storage::Schema ledger_schema{.application = 0x626b6679 /* bkfy */, .migrations = migrations};

}  // namespace bookafy::delivery
