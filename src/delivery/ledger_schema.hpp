/// The tables of a listener's store, version by version.
#pragma once

#include "storage/schema.hpp"

namespace bookafy::delivery {

extern const storage::Schema ledger_schema;

}  // namespace bookafy::delivery
