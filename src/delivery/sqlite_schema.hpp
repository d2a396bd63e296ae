/// The tables of a store in SQLite, version by version.
#pragma once

#include "storage/schema.hpp"

namespace bookafy::delivery {

extern const storage::Schema store_schema;

/// Gives a store of an older version, read as it is, the `invitee_states` of the current version: in a temporary table
/// that hides the store's own.
void read_old_states(storage::Database& database, std::size_t version);

}  // namespace bookafy::delivery
