#include "storage/schema.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "bookafy/error.hpp"

namespace bookafy::storage {
namespace {

Error not_usable(const Database& database, std::string_view why) {
  return Error(ErrorKind::usage, fmt::format("cannot use the store {}: {}", database.file(), why));
}

}  // namespace

std::size_t version_of(Database& database, const Schema& schema) {
  const auto owner = database.integer("PRAGMA application_id");
  const auto version = database.integer("PRAGMA user_version");
  const bool fresh = owner == 0 && version == 0 && database.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh && (owner != schema.application || version < 1))
    throw not_usable(database, "it is the database of another program");
  if (version > static_cast<std::int64_t>(schema.migrations.size()))
    throw not_usable(database, "it was made by a newer version of bookafy");
  return static_cast<std::size_t>(version);
}

std::size_t version_of(const std::string& file, const Schema& schema) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(file))) return 0;
  Database database(file, Access::read_only);
  return version_of(database, schema);
}

void migrate(Database& database, const Schema& schema) {
  if (version_of(database, schema) == schema.migrations.size()) return;
  Transaction transaction(database);
  // Another process may have done it while this one waited for its turn.
  for (std::size_t version = version_of(database, schema); version < schema.migrations.size(); ++version)
    database.execute(schema.migrations[version]);
  database.execute(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", schema.application, schema.migrations.size())
          .c_str());
  transaction.commit();
}

}  // namespace bookafy::storage
