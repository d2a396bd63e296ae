/// What is in a database file, in versions: an older file is brought up to date, a newer or foreign one is left as it
/// is.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "storage/sqlite.hpp"

namespace bookafy::storage {

struct Schema {
  std::int64_t application = 0;  ///< marks a file as ours (SQLite's application_id)
  /// From version n to n + 1, in order; the file's user_version says how many were done. Never change one: add.
  std::span<const char* const> migrations;
};

/// The file's version, 0 of a new one. Throws Error (usage) when it is not ours, or newer than the schema.
std::size_t version_of(Database& database, const Schema& schema);
/// The same of a file that may not be there yet, without opening it for writing: that alone would change one that is
/// not ours.
std::size_t version_of(const std::string& file, const Schema& schema);
/// Does what is missing, all or nothing. Several processes may do it at once.
void migrate(Database& database, const Schema& schema);

}  // namespace bookafy::storage
