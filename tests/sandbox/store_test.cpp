// What is kept on disk, and how the file is treated.
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "bookafy/error.hpp"
#include "program/process.hpp"
#include "sandbox/api_fixture.hpp"
#include "sandbox/folder.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;

namespace {

struct KeptSandbox {
  explicit KeptSandbox(const std::string& file, std::string base_url = SandboxTransport::base_url)
      : world(std::make_unique<Store>(file), seed_world()),
        api(world, fixed.surroundings(), std::move(base_url), 1000) {}

  http::Response send(std::string method, std::string target, std::string body = {}) {
    return api.handle(
        {std::move(method), std::move(target), {{"Authorization", "Bearer sandbox-owner"}}, std::move(body)});
  }

  FixedSurroundings fixed;
  World world;
  Api api;
};

unsigned mode(const std::string& file) {
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

/// The error's kind and text, or nothing.
template <typename Run>
std::string problem(const Run& run) {
  try {
    run();
  } catch (const Error& error) {
    return std::string(to_string(error.kind)) + ": " + error.message;
  }
  return {};
}

}  // namespace

TEST_CASE("a kept world is the same after the next start, under another base URL too") {
  const Folder folder;
  const std::string file = folder.file("sandbox.db");
  const std::string list = "/webhook_subscriptions?scope=organization&" + parameter("organization", seed::organization);
  const std::string invitee(seed::sample_invitee);
  std::string made;
  std::string removed;
  std::size_t events = 0;
  {
    KeptSandbox sandbox(file);
    events = sandbox.world.all("scheduled_events").size();
    for (const char* url : {"https://hooks.example.org/1", "https://hooks.example.org/2"}) {
      const auto response = sandbox.send("POST", "/webhook_subscriptions", create_body("organization", {}, {}, url));
      REQUIRE(response.status == 201);
      removed = std::exchange(
          made,
          codec::decode(response.body).at_path("resource.uri")->string()->substr(SandboxTransport::base_url.size()));
    }
    CHECK(sandbox.send("DELETE", removed).status == 204);
    CHECK(sandbox.send("POST", "/scheduled_events/6fa459ea-ee8a-4ca4-894e-db77e160355e/cancellation").status == 201);
  }
  KeptSandbox sandbox(file, "http://127.0.0.1:9999");
  const auto kept = sandbox.send("GET", made);
  CHECK(kept.status == 200);
  CHECK(kept.body.find(R"("uri":"http://127.0.0.1:9999)" + made + '"') != std::string::npos);
  CHECK(kept.body.find("sandbox.test") == std::string::npos);
  CHECK(sandbox.send("GET", removed).status == 404);
  CHECK(sandbox.send("GET", invitee).body.find(R"("status":"canceled")") != std::string::npos);
  CHECK(sandbox.world.all("scheduled_events").size() == events);
  CHECK(
      sandbox.send("POST", "/webhook_subscriptions", create_body("organization", {}, {}, "https://hooks.example.org/2"))
          .status == 409);
}

TEST_CASE("a signing key is kept with its subscription") {
  const Folder folder;
  const std::string file = folder.file("sandbox.db");
  Changes changes;
  changes.put.push_back({0, Value::Object{{"uri", "/webhook_subscriptions/a"}}, Secret("key \"with\" ünïcode")});
  World(std::make_unique<Store>(file), {}).apply(std::move(changes));
  World again(std::make_unique<Store>(file), {});
  REQUIRE(again.find("/webhook_subscriptions/a"));
  CHECK(again.find("/webhook_subscriptions/a")->signing_key.reveal() == "key \"with\" ünïcode");
}

TEST_CASE("what could not be stored did not happen") {
  const Folder folder;
  const std::string file = folder.file("sandbox.db");
  { KeptSandbox fresh(file); }
  storage::Database(file, storage::Access::read_write)
      .execute(
          "CREATE TRIGGER refuse BEFORE INSERT ON record WHEN NEW.document LIKE '%too-much%' "
          "BEGIN SELECT RAISE(ABORT, 'no room'); END");
  KeptSandbox sandbox(file);
  const auto refused = sandbox.send("POST", "/webhook_subscriptions",
                                    create_body("organization", {}, {}, "https://hooks.example.org/too-much"));
  CHECK(refused.status == 500);
  CHECK(refused.body == R"({"title":"Internal Server Error","message":"The server encountered an unexpected condition )"
                        R"(that prevented it from fulfilling the request."})");
  CHECK(sandbox.world.all("webhook_subscriptions").empty());
  CHECK(sandbox.send("POST", "/webhook_subscriptions", create_body("organization")).status == 201);
}

TEST_CASE("a full database says so and keeps what it had") {
  const Folder folder;
  storage::Database database(folder.file("full.db"), storage::Access::read_write);
  database.execute("CREATE TABLE t (x); PRAGMA max_page_count = 2");
  storage::Statement insert(database, "INSERT INTO t VALUES (?)");
  insert.bind(1, std::string(100'000, 'x'));
  CHECK(problem([&] { insert.run(); }) ==
        "internal: cannot write " + folder.file("full.db") + ": database or disk is full");
  CHECK(database.integer("SELECT count(*) FROM t") == 0);
}

TEST_CASE("database files are their owner's from the first byte") {
  const Folder folder;
  const mode_t usual = umask(0);
  const std::string file = folder.file("new.db");
  {
    storage::Database database(file, storage::Access::read_write);
    database.execute("CREATE TABLE t (x)");
    CHECK(mode(file) == 0600);
    CHECK(mode(file + "-wal") == 0600);
  }
  umask(usual);
}

TEST_CASE("which files are refused") {
  const Folder folder;
  const std::string link = folder.file("link.db");
  const std::string real = folder.file("real.db");
  {
    storage::Database(real, storage::Access::read_write)
        .execute("CREATE TABLE other (x); PRAGMA journal_mode = DELETE");
  }
  std::filesystem::create_symlink(real, link);
  const std::string text = folder.file("text");
  std::ofstream(text) << "This is a text that is long enough not to be taken for an empty database file.\n";
  auto opening = [](const std::string& file, storage::Access access) {
    return problem([&] { storage::Database(file, access); });
  };
  using storage::Access;
  CHECK(opening(link, Access::read_write) == "usage: cannot open " + link + ": it is a symbolic link");
  CHECK(opening(link, Access::read_only) == "usage: cannot open " + link + ": it is a symbolic link");
  CHECK(opening(folder.file(""), Access::read_write).starts_with("usage: cannot open "));
  CHECK(opening(folder.file("no/such"), Access::read_write) ==
        "usage: cannot open " + folder.file("no/such") + ": No such file or directory");
  CHECK(opening(folder.file("absent"), Access::read_only) ==
        "usage: cannot open " + folder.file("absent") + ": No such file or directory");
  CHECK(opening(text, Access::read_write) == "usage: cannot use " + text + ": file is not a database");
  CHECK(opening(real, Access::read_only).empty());
  const auto before = program::content_of(real);
  CHECK(problem([&] { Store store(real); }) ==
        "usage: cannot use the store " + real + ": it is the database of another program");
  CHECK(program::content_of(real) == before);
}

TEST_CASE("a transaction is all or nothing") {
  const Folder folder;
  storage::Database database(folder.file("t.db"), storage::Access::read_write);
  database.execute("CREATE TABLE t (a, b, c)");
  auto add = [&] {
    storage::Statement insert(database, "INSERT INTO t VALUES (?, ?, ?)");
    insert.bind(1, 9'007'199'254'740'993).bind(2, std::string_view("ü\0x", 4)).bind_null(3).run();
  };
  {
    storage::Transaction transaction(database);
    add();
  }
  CHECK(database.integer("SELECT count(*) FROM t") == 0);
  {
    storage::Transaction transaction(database);
    add();
    add();
    transaction.commit();
  }
  storage::Statement select(database, "SELECT * FROM t");
  int rows = 0;
  while (select.step()) {
    ++rows;
    CHECK(select.integer(0) == 9'007'199'254'740'993);
    CHECK(select.text(1) == std::string_view("ü\0x", 4));
    CHECK(select.is_null(2));
  }
  CHECK(rows == 2);
}
