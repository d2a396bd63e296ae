#include <array>
#include <thread>

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "program/process.hpp"
#include "storage/schema.hpp"

using namespace bookafy;
using storage::Access;
using storage::Database;

namespace {

void tenfold(Database& database) { database.execute("UPDATE t SET y = y * 10"); }

constexpr std::array steps{storage::Migration{.sql = "CREATE TABLE t (x); INSERT INTO t VALUES (1)"},
                           storage::Migration{.sql = "ALTER TABLE t ADD COLUMN y; UPDATE t SET y = x + 1"},
                           storage::Migration{.then = tenfold}};

storage::Schema up_to(std::size_t version) { return {.application = 7, .migrations = std::span(steps).first(version)}; }

}  // namespace

TEST_CASE("an older file is brought up to date step by step, a present one is left alone") {
  const program::TemporaryFolder folder;
  for (std::size_t version = 0; version < steps.size(); ++version) {
    Database database((folder.path() / std::to_string(version)).string(), Access::read_write);
    if (version > 0) storage::migrate(database, up_to(version));
    for (int again = 0; again < 2; ++again) {
      storage::migrate(database, up_to(3));
      CHECK(storage::version_of(database, up_to(3)) == 3);
      CHECK(database.integer("SELECT y FROM t") == 20);
    }
    CHECK_THROWS_WITH(storage::migrate(database, up_to(2)), Catch::Matchers::Matches(".*newer version.*"));
  }
}

TEST_CASE("steps that fail leave the file as it was") {
  const program::TemporaryFolder folder;
  Database database((folder.path() / "store").string(), Access::read_write);
  storage::migrate(database, up_to(1));
  const std::array failing{steps[0], steps[1], storage::Migration{.sql = "INSERT INTO absent VALUES (1)"}};
  CHECK_THROWS_AS(storage::migrate(database, {.application = 7, .migrations = failing}), Error);
  CHECK(storage::version_of(database, up_to(1)) == 1);
  CHECK(database.integer("SELECT count(*) FROM pragma_table_info('t')") == 1);
  storage::migrate(database, up_to(3));
  CHECK(database.integer("SELECT y FROM t") == 20);
}

TEST_CASE("several that migrate at once do it once") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  storage::migrate(*std::make_unique<Database>(file, Access::read_write), up_to(1));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      Database database(file, Access::read_write);
      storage::migrate(database, up_to(3));
    });
  for (std::thread& thread : threads) thread.join();
  Database database(file, Access::read_write);
  CHECK(database.integer("SELECT y FROM t") == 20);
}
