#include "storage/schema.hpp"

#include <fmt/format.h>

#include "bookafy/error.hpp"

namespace bookafy::storage {
namespace {

Error not_usable(const Database& database, std::string_view why, std::string_view hint) {
  Error error(ErrorKind::usage, fmt::format("cannot use the store {}: {}", database.file(), why));
  error.hint = hint;
  return error;
}

void apply_missing(Database& database, const Schema& schema) {
  Transaction transaction(database);
  // Another process may have applied them while this one waited for the lock.
  for (std::size_t version = version_of(database, schema); version < schema.migrations.size(); ++version) {
    database.execute(schema.migrations[version].sql);
    if (schema.migrations[version].then) schema.migrations[version].then(database);
  }
  database.execute(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", schema.application, schema.migrations.size())
          .c_str());
  transaction.commit();
}

}  // namespace

std::size_t version_of(Database& database, const Schema& schema) {
  const auto owner = database.integer("PRAGMA application_id");
  const auto version = database.integer("PRAGMA user_version");
  const bool fresh = owner == 0 && version == 0 && database.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh && (owner != schema.application || version < 1))
    throw not_usable(database, "it is the database of another program", "name another file");
  if (version > static_cast<std::int64_t>(schema.migrations.size()))
    throw not_usable(database, "it was made by a newer version of bookafy", "install that version");
  return static_cast<std::size_t>(version);
}

const std::string& checked_for_writing(const std::string& file, const Schema& schema) {
  const std::string path = literal_path(file);
  // Without the index of its log SQLite opens a database for writing alone.
  if (!file_exists(path) || FileState(path).lacks_wal_index()) return file;
  Database database(file, Access::read_only);
  version_of(database, schema);
  return file;
}

void migrate(Database& database, const Schema& schema) {
  if (version_of(database, schema) == schema.migrations.size()) return;
  try {
    apply_missing(database, schema);
  } catch (Error& error) {
    error.kind = ErrorKind::usage;
    throw;
  }
}

}  // namespace bookafy::storage
