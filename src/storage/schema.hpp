/// What is in a database file, in versions: an older file is brought up to date, a newer or foreign one is left as it
/// is.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "storage/sqlite.hpp"

namespace bookafy::storage {

/// From one version to the next: SQL, then what SQL cannot do.
struct Migration {
  const char* sql = "";
  void (*then)(Database&) = nullptr;
};

struct Schema {
  std::int64_t application = 0;  ///< identifies our files (SQLite's application_id)
  /// From version n to n + 1, in order; the file's user_version counts those done. Never change one: add.
  std::span<const Migration> migrations;
};

/// The database's version, 0 of an empty one. Throws Error (usage) when it belongs to another program, or is newer than
/// the schema.
std::size_t version_of(Database& database, const Schema& schema);
/// Returns the file when it may be opened for writing: a new one, or one of ours. Opening alone changes a file, so
/// others are refused before. Throws Error (usage).
const std::string& checked_for_writing(const std::string& file, const Schema& schema);
/// Applies the missing migrations, all or nothing; several processes may call it at once. Throws Error (usage).
void migrate(Database& database, const Schema& schema);

}  // namespace bookafy::storage
