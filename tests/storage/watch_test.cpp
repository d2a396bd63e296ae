#include <stdexcept>

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "program/process.hpp"
#include "storage/sqlite.hpp"

using namespace bookafy::storage;

namespace {

constexpr const char* endless =
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

}  // namespace

TEST_CASE("what a check throws ends a statement, and nothing else") {
  const program::TemporaryFolder folder;
  Database database((folder.path() / "file").string(), Access::read_write);
  int looks = 0;
  {
    const Watch watch(database, [&looks] {
      if (++looks >= 3) throw std::out_of_range("enough");
    });
    CHECK_THROWS_AS(database.execute(endless), std::out_of_range);
    looks = 0;
    Statement statement(database, endless);
    CHECK_THROWS_AS(statement.step(), std::out_of_range);
    CHECK(looks == 3);
    CHECK(database.integer("SELECT 7") == 7);
    CHECK_THROWS_AS(database.execute("SELECT * FROM nowhere"), bookafy::Error);
  }
  CHECK(database.integer("WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) "
                         "SELECT count(*) FROM n") == 100'000);
  CHECK(looks == 3);
}
