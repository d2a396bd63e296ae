#include "delivery/sqlite_store.hpp"

#include <fmt/format.h>

#include "api/codec.hpp"
#include "bookafy/error.hpp"
#include "catch.hpp"
#include "delivery/sqlite_schema.hpp"
#include "program/process.hpp"

using namespace bookafy;
using delivery::BookingState;
using delivery::Delivery;
using delivery::DeliveryStore;
using delivery::open_store;
using delivery::open_store_for_reading;
using delivery::Task;

namespace {

struct Told {
  std::string event = "invitee.created";
  std::string invitee = "a";
  std::string status = "active";
  bool rescheduled = false;
  std::string old_invitee{};
  std::string new_invitee{};
  std::string updated = "2026-11-20T10:00:00.000000Z";
  std::string name = "Ana";
  std::string start = "2026-12-01T14:00:00.000000Z";
  std::string sent{};  ///< empty: when it was updated
  bool no_show = false;
};

std::string uri(const std::string& id) {
  return id.empty() ? "" : "https://api.bookafy.com/scheduled_events/e-" + id + "/invitees/" + id;
}

Delivery told(const Told& of) {
  auto link = [](const std::string& id) { return id.empty() ? Value() : Value(uri(id)); };
  Value payload = Value::Object{{"name", of.name},
                                {"status", of.status},
                                {"rescheduled", of.rescheduled},
                                {"old_invitee", link(of.old_invitee)},
                                {"new_invitee", link(of.new_invitee)},
                                {"updated_at", of.updated},
                                {"no_show", of.no_show ? Value(Value::Object{{"uri", "n"}}) : Value()},
                                {"uri", uri(of.invitee)},
                                {"scheduled_event", Value::Object{{"name", "Intro"}, {"start_time", of.start}}}};
  const Value body =
      Value::Object{{"created_at", of.sent.empty() ? of.updated : of.sent}, {"event", of.event}, {"payload", payload}};
  std::string problem;
  return *delivery::read_delivery(codec::encode(body), problem);
}

void add(DeliveryStore& store, const std::vector<Told>& deliveries) {
  store.begin();
  for (const Told& one : deliveries) store.add(told(one), {});
  store.commit();
}

std::vector<delivery::Booking> bookings(const std::string& file) {
  std::vector<delivery::Booking> rows;
  open_store_for_reading(file)->each_booking([&](const delivery::Booking& row) {
    rows.push_back(row);
    return true;
  });
  return rows;
}

const delivery::Booking& of(const std::vector<delivery::Booking>& rows, const std::string& id) {
  for (const auto& row : rows)
    if (row.uri == uri(id)) return row;
  throw std::runtime_error("no booking of " + id);
}

}  // namespace

TEST_CASE("a delivery is kept as it came, and once") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  Delivery first = told({});
  first.headers = {{"X-Odd", "caf\xe9: \"x\" "}, {"Empty", ""}};
  first.received_at = Timestamp(std::chrono::microseconds(1795426200123456));
  first.verification = delivery::Verification::valid;
  {
    const auto store = open_store(file);
    store->begin();
    CHECK(store->add(first, {Task::forward}));
    CHECK_FALSE(store->add(first, {Task::forward}));
    store->commit();
    store->begin();
    CHECK_FALSE(store->add(first, {}));
    CHECK(store->add(told({.event = "invitee.canceled"}), {}));
    store->rollback();
  }
  const auto reader = open_store_for_reading(file);
  std::vector<delivery::Stored> rows;
  reader->each_delivery({}, [&](const delivery::Stored& row) {
    rows.push_back(row);
    return true;
  });
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].delivery.body == first.body);
  CHECK(rows[0].delivery.received_at == first.received_at);
  CHECK(rows[0].delivery.verification == delivery::Verification::valid);
  REQUIRE(rows[0].delivery.headers.size() == 2);
  CHECK(rows[0].delivery.headers[0].value == "caf\xe9: \"x\" ");
  CHECK(rows[0].delivery.headers[1].value == "");
  const auto store = open_store(file);
  const auto pending = store->pending(Task::forward, 0, 10);
  REQUIRE(pending.size() == 1);
  CHECK(pending[0].uri == uri("a"));
  CHECK(store->pending(Task::exec, 0, 10).empty());
  CHECK(store->pending(Task::forward, pending[0].number, 10).empty());
}

TEST_CASE("bookings say the same whatever order the deliveries came in") {
  const std::vector<Told> story{
      {.invitee = "old"},
      {.event = "invitee.canceled",
       .invitee = "old",
       .status = "canceled",
       .rescheduled = true,
       .new_invitee = "new",
       .updated = "2026-11-21T10:00:00.000000Z"},
      {.invitee = "new",
       .old_invitee = "old",
       .updated = "2026-11-21T10:00:00.000000Z",
       .start = "2026-12-09T09:00:00.000000Z"},
      {.invitee = "gone", .name = "Old Name"},
      {.event = "invitee.canceled",
       .invitee = "gone",
       .status = "canceled",
       .updated = "2026-11-22T10:00:00.000000Z",
       .name = "New Name"},
      {.invitee = "stays"},
  };
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  do {
    const program::TemporaryFolder folder;
    const std::string file = (folder.path() / "store").string();
    const auto store = open_store(file);
    std::vector<Told> told_so;
    for (const std::size_t index : order) told_so.push_back(story[index]);
    add(*store, told_so);
    const auto rows = bookings(file);
    INFO(fmt::format("{}", fmt::join(order, " ")));
    REQUIRE(rows.size() == 4);
    CHECK(of(rows, "old").state == BookingState::rescheduled);
    CHECK(of(rows, "old").new_invitee == uri("new"));
    CHECK(of(rows, "old").new_start_time == "2026-12-09T09:00:00.000000Z");
    CHECK(of(rows, "new").state == BookingState::active);
    CHECK(of(rows, "new").old_invitee == uri("old"));
    CHECK(of(rows, "new").old_start_time == "2026-12-01T14:00:00.000000Z");
    CHECK(of(rows, "gone").state == BookingState::canceled);
    CHECK(of(rows, "gone").name == "New Name");
    CHECK(of(rows, "stays").state == BookingState::active);
  } while (std::next_permutation(order.begin(), order.begin() + 3) ||
           std::next_permutation(order.begin() + 3, order.begin() + 5));
}

TEST_CASE("one side of a reschedule is enough to join both") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  const auto store = open_store(file);
  add(*store, {{.invitee = "old"}, {.invitee = "new", .old_invitee = "old"}});
  const auto rows = bookings(file);
  CHECK(of(rows, "old").state == BookingState::rescheduled);
  CHECK(of(rows, "old").new_invitee == uri("new"));
}

TEST_CASE("reading ends when nobody wants more") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  const auto store = open_store(file);
  add(*store, {{.invitee = "a"}, {.invitee = "b"}, {.invitee = "c"}});
  const auto reader = open_store_for_reading(file);
  int read = 0;
  reader->each_booking([&](const delivery::Booking&) { return ++read < 2; });
  CHECK(read == 2);
  reader->each_delivery({}, [&](const delivery::Stored&) { return ++read < 4; });
  CHECK(read == 4);
}

TEST_CASE("what the API says fills gaps and is known as such") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  const auto store = open_store(file);
  add(*store, {{.invitee = "told"}});
  store->begin();
  for (const char* id : {"told", "missed"})
    store->add_booking(Value::Object{{"uri", uri(id)}, {"name", "Ana"}, {"status", "active"}},
                       Value::Object{{"uri", "event"}, {"start_time", "2026-12-01T14:00:00.000000Z"}}, {});
  store->commit();
  const auto rows = bookings(file);
  REQUIRE(rows.size() == 2);
  CHECK(of(rows, "told").source == "delivery");
  CHECK(of(rows, "missed").source == "api");
}

TEST_CASE("what the API says of an invitee is kept once, however often it is asked") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  const auto store = open_store(file);
  for (const char* name : {"Ana", "Ana Petrova"}) {
    store->begin();
    store->add_booking(Value::Object{{"uri", uri("a")}, {"name", name}, {"status", "active"}}, Value(), {});
    store->commit();
  }
  CHECK(of(bookings(file), "a").name == "Ana Petrova");
  CHECK(storage::Database(file, storage::Access::read_only).integer("SELECT count(*) FROM invitee_states") == 1);
}

TEST_CASE("states of one updated_at are ordered by the instant they were sent at") {
  const std::vector<Told> sent{
      {.name = "Ana", .sent = "2026-11-20T23:30:00.5Z", .no_show = true},
      {.name = "Ann", .sent = "2026-11-21T00:31:00+01:00"},
      {.name = "Newest", .sent = "2026-11-20T20:32:00.000000-04:00"},
  };
  std::vector<std::size_t> order{0, 1, 2};
  do {
    const program::TemporaryFolder folder;
    const std::string file = (folder.path() / "store").string();
    for (const std::size_t index : order) add(*open_store(file), {sent[index]});
    INFO(fmt::format("{}", fmt::join(order, " ")));
    const auto rows = bookings(file);
    CHECK(of(rows, "a").name == "Newest");
    CHECK_FALSE(of(rows, "a").no_show);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("what the API returned is as new as the time it was fetched") {
  for (const bool fetched_last : {false, true}) {
    const program::TemporaryFolder folder;
    const std::string file = (folder.path() / "store").string();
    const auto store = open_store(file);
    const auto fetched_at =
        parse_timestamp(fetched_last ? "2026-11-20T11:00:00.000000Z" : "2026-11-20T09:00:00.000000Z");
    add(*store, {{.no_show = true}});
    store->begin();
    store->add_booking(Value::Object{{"uri", uri("a")}, {"updated_at", "2026-11-20T10:00:00.000000Z"}}, Value(),
                       *fetched_at);
    store->commit();
    CHECK(of(bookings(file), "a").no_show == !fetched_last);
  }
}

namespace {

/// A store as an earlier version left it: two states of one updated_at, a pending task, and an invitee of the API.
struct EarlierStore {
  explicit EarlierStore(std::size_t version) {
    storage::Database database(file, storage::Access::read_write);
    const auto& present = delivery::store_schema;
    storage::migrate(database, {.application = present.application, .migrations = present.migrations.first(version)});
    storage::Statement insert(database,
                              "INSERT INTO deliveries VALUES (?1, ?2, 1, 'invitee.created', ?3, ?4, 'valid', x'', ?5)");
    for (const Delivery* one : {&newer, &older})
      insert.bind(1, one == &newer ? 5 : 6)
          .bind_blob(2, one == &newer ? "identity of then" : "another identity")
          .bind(3, one->uri)
          .bind(4, one->created_at)
          .bind_blob(5, one->body)
          .run();
    const std::string table = version == 1 ? "bookings" : "invitee_states";
    storage::Statement(database, "INSERT INTO " + table +
                                     " VALUES (3, ?1, 1, 1, 0, 'Then', 'a@example.org', '', 'Intro', '', '', NULL, "
                                     "NULL, 'Ana', 'ill', 1, 'delivery'), (4, 'missed', 1, 0, 0, 'Ben', '', '', '', "
                                     "'', '', NULL, NULL, '', '', 0, 'api')")
        .bind(1, newer.uri)
        .run();
    database.execute("INSERT INTO tasks VALUES (1, 5)");
  }

  program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  const Delivery newer = told({.name = "Now", .sent = "2026-11-20T12:00:00.000000Z"});
  const Delivery older = told({.name = "Then", .sent = "2026-11-20T11:00:00.000000Z", .no_show = true});
};

void check_bookings(const std::string& file) {
  const auto rows = bookings(file);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].state == BookingState::canceled);
  CHECK(rows[0].reason == "ill");
  CHECK(rows[0].name == "Now");
  CHECK_FALSE(rows[0].no_show);
  CHECK(rows[1].uri == "missed");
}

}  // namespace

TEST_CASE("a store of an earlier version is upgraded") {
  for (const std::size_t version : {1U, 2U}) {
    INFO(version);
    const EarlierStore earlier(version);
    const auto store = open_store(earlier.file);
    CHECK(store->read(5).delivery.body == earlier.newer.body);
    CHECK(store->read(5).delivery.identity == earlier.newer.identity);
    CHECK(store->pending(Task::exec, 0, 10).size() == 1);
    store->begin();
    CHECK_FALSE(store->add(earlier.newer, {}));
    CHECK_FALSE(store->add(earlier.older, {}));
    store->finish(5, Task::exec);
    store->add_booking(Value::Object{{"uri", "missed"}, {"name", "Benno"}}, Value(), {});
    store->commit();
    check_bookings(earlier.file);
    CHECK(open_store(earlier.file)->pending(Task::exec, 0, 10).empty());
  }
}

TEST_CASE("a store of an earlier version is read as it is") {
  for (const std::size_t version : {1U, 2U}) {
    INFO(version);
    const EarlierStore earlier(version);
    const auto before = program::content_of(earlier.file);
    check_bookings(earlier.file);
    CHECK(open_store_for_reading(earlier.file)->numbers({}) == std::vector<std::int64_t>{5, 6});
    CHECK(program::content_of(earlier.file) == before);
  }
}

TEST_CASE("a listener of the previous version goes on beside an upgrade") {
  const EarlierStore earlier(2);
  storage::Database database(earlier.file, storage::Access::read_write);
  storage::Statement insert(database,
                            "INSERT INTO invitee_states (uri, moment, canceled, rescheduled, name, email, event, "
                            "event_name, start_time, end_time, canceled_by, reason, no_show, source) "
                            "VALUES ('late', 1, 0, 0, '', '', '', '', '', '', '', '', 0, 'delivery')");
  const auto store = open_store(earlier.file);
  insert.run();
  CHECK(bookings(earlier.file).size() == 3);
}

TEST_CASE("a store that belongs to another program or a newer version is left alone") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  CHECK_THROWS_AS(open_store_for_reading(file), Error);
  struct Row {
    std::string sql, why;
  };
  for (const Row& row : {Row{"CREATE TABLE t (x)", "another program"},
                         Row{"PRAGMA application_id = 7; PRAGMA user_version = 1", "another program"},
                         Row{"PRAGMA application_id = 0x626b6679; PRAGMA user_version = 1000", "newer version"}}) {
    INFO(row.sql);
    std::filesystem::remove(file);
    storage::Database(file, storage::Access::read_write).execute((row.sql + "; PRAGMA journal_mode = DELETE").c_str());
    const auto before = program::content_of(file);
    const auto expected = Catch::Matchers::Matches("cannot use the store " + file + ".*" + row.why + ".*");
    CHECK_THROWS_WITH(open_store(file), expected);
    CHECK_THROWS_WITH(open_store_for_reading(file), expected);
    CHECK(program::content_of(file) == before);
  }
}

TEST_CASE("an empty file becomes a store for writing, and is none for reading") {
  const program::TemporaryFolder folder;
  const std::string file = folder.write("store", "");
  CHECK_THROWS_WITH(open_store_for_reading(file), "cannot use the store " + file + ": it is empty");
  CHECK(program::content_of(file).empty());
  add(*open_store(file), {{}});
  CHECK(bookings(file).size() == 1);
}

TEST_CASE("a reader sees what is written while it reads, and a file that it had complete") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  add(*open_store(file), {{.invitee = "a"}, {.invitee = "b"}});
  const auto reader = open_store_for_reading(file);
  std::vector<std::int64_t> numbers;
  reader->each_delivery({}, [&](const delivery::Stored& stored) {
    numbers.push_back(stored.number);
    // The last one to close moves everything from the log into the file.
    if (numbers.size() < 4) add(*open_store(file), {{.invitee = fmt::format("c{}", numbers.size())}});
    return true;
  });
  CHECK(numbers == std::vector<std::int64_t>{1, 2, 3, 4, 5});
  CHECK(reader->numbers({}) == numbers);
  CHECK(reader->read(5).delivery.uri == uri("c3"));
  int bookings = 0;
  reader->each_booking([&](const delivery::Booking&) { return ++bookings > 0; });
  CHECK(bookings == 5);
  CHECK_FALSE(std::filesystem::exists(file + "-wal"));
}
