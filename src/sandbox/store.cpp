#include "sandbox/store.hpp"

#include <array>

#include "api/codec.hpp"
#include "bookafy/error.hpp"
#include "storage/schema.hpp"

namespace bookafy::sandbox {
namespace {

constexpr std::array migrations{storage::Migration{
    .sql = "CREATE TABLE record (number INTEGER PRIMARY KEY, document TEXT NOT NULL, signing_key TEXT)"}};
constexpr storage::Schema schema{.application = 0x426b7362 /* Bksb */, .migrations = migrations};

}  // namespace

Store::Store(const std::string& file)
    : database_(storage::checked_for_writing(file, schema), storage::Access::exclusive) {
  storage::migrate(database_, schema);
}

std::vector<Record> Store::load() {
  std::vector<Record> records;
  storage::Statement select(database_, "SELECT number, document, signing_key FROM record ORDER BY number");
  while (select.step()) {
    try {
      records.push_back({select.integer(0), codec::decode(select.text(1)), Secret(std::string(select.text(2)))});
    } catch (const codec::Malformed& problem) {
      throw Error(ErrorKind::internal, "cannot read " + database_.file() + ": a record is " + problem.what());
    }
  }
  return records;
}

void Store::save(const std::vector<Record>& put, const std::vector<std::int64_t>& erased) {
  storage::Transaction transaction(database_);
  storage::Statement insert(database_, "INSERT OR REPLACE INTO record VALUES (?, ?, ?)");
  for (const Record& record : put) {
    insert.bind(1, record.number).bind(2, codec::encode(record.document));
    if (record.signing_key.empty())
      insert.bind_null(3);
    else
      insert.bind(3, record.signing_key.reveal());
    insert.run();
  }
  storage::Statement remove(database_, "DELETE FROM record WHERE number = ?");
  for (const std::int64_t number : erased) remove.bind(1, number).run();
  transaction.commit();
}

}  // namespace bookafy::sandbox
