#include "delivery/ledger.hpp"

#include <fmt/format.h>

#include "api/codec.hpp"
#include "bookafy/error.hpp"
#include "catch.hpp"
#include "delivery/ledger_schema.hpp"
#include "program/process.hpp"

using namespace bookafy;
using delivery::BookingState;
using delivery::Delivery;
using delivery::Ledger;
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
                                {"uri", uri(of.invitee)},
                                {"scheduled_event", Value::Object{{"name", "Intro"}, {"start_time", of.start}}}};
  const Value body = Value::Object{{"created_at", of.updated}, {"event", of.event}, {"payload", payload}};
  std::string problem;
  return *delivery::read_delivery(codec::encode(body), problem);
}

void add(Ledger& ledger, const std::vector<Told>& deliveries) {
  ledger.begin();
  for (const Told& one : deliveries) ledger.add(told(one), {});
  ledger.commit();
}

std::vector<delivery::Booking> bookings(Ledger& ledger) {
  std::vector<delivery::Booking> rows;
  ledger.each_booking([&](const delivery::Booking& row) {
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
    Ledger ledger(file, Ledger::Mode::write);
    ledger.begin();
    CHECK(ledger.add(first, {Task::forward}));
    CHECK_FALSE(ledger.add(first, {Task::forward}));
    ledger.commit();
    ledger.begin();
    CHECK_FALSE(ledger.add(first, {}));
    CHECK(ledger.add(told({.event = "invitee.canceled"}), {}));
    ledger.rollback();
  }
  Ledger ledger(file, Ledger::Mode::read);
  std::vector<delivery::Stored> rows;
  ledger.each_delivery({}, [&](delivery::Stored row) {
    rows.push_back(std::move(row));
    return true;
  });
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].delivery.body == first.body);
  CHECK(rows[0].delivery.received_at == first.received_at);
  CHECK(rows[0].delivery.verification == delivery::Verification::valid);
  REQUIRE(rows[0].delivery.headers.size() == 2);
  CHECK(rows[0].delivery.headers[0].value == "caf\xe9: \"x\" ");
  CHECK(rows[0].delivery.headers[1].value == "");
  const auto pending = ledger.pending(Task::forward, 0, 10);
  REQUIRE(pending.size() == 1);
  CHECK(pending[0].uri == uri("a"));
  CHECK(ledger.pending(Task::exec, 0, 10).empty());
  CHECK(ledger.pending(Task::forward, pending[0].number, 10).empty());
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
    Ledger ledger((folder.path() / "store").string(), Ledger::Mode::write);
    std::vector<Told> told_so;
    for (const std::size_t index : order) told_so.push_back(story[index]);
    add(ledger, told_so);
    const auto rows = bookings(ledger);
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
  Ledger ledger((folder.path() / "store").string(), Ledger::Mode::write);
  add(ledger, {{.invitee = "old"}, {.invitee = "new", .old_invitee = "old"}});
  const auto rows = bookings(ledger);
  CHECK(of(rows, "old").state == BookingState::rescheduled);
  CHECK(of(rows, "old").new_invitee == uri("new"));
}

TEST_CASE("reading ends when nobody wants more") {
  const program::TemporaryFolder folder;
  Ledger ledger((folder.path() / "store").string(), Ledger::Mode::write);
  add(ledger, {{.invitee = "a"}, {.invitee = "b"}, {.invitee = "c"}});
  int read = 0;
  ledger.each_booking([&](const delivery::Booking&) { return ++read < 2; });
  CHECK(read == 2);
  ledger.each_delivery({}, [&](const delivery::Stored&) { return ++read < 4; });
  CHECK(read == 4);
}

TEST_CASE("what the API says fills gaps and is known as such") {
  const program::TemporaryFolder folder;
  Ledger ledger((folder.path() / "store").string(), Ledger::Mode::write);
  add(ledger, {{.invitee = "told"}});
  ledger.begin();
  for (const char* id : {"told", "missed"})
    ledger.add_booking(Value::Object{{"uri", uri(id)}, {"name", "Ana"}, {"status", "active"}},
                       Value::Object{{"uri", "event"}, {"start_time", "2026-12-01T14:00:00.000000Z"}});
  ledger.commit();
  const auto rows = bookings(ledger);
  REQUIRE(rows.size() == 2);
  CHECK(of(rows, "told").source == "delivery");
  CHECK(of(rows, "missed").source == "api");
}

TEST_CASE("what the API says of an invitee is kept once, however often it is asked") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  Ledger ledger(file, Ledger::Mode::write);
  for (const char* name : {"Ana", "Ana Petrova"}) {
    ledger.begin();
    ledger.add_booking(Value::Object{{"uri", uri("a")}, {"name", name}, {"status", "active"}}, Value());
    ledger.commit();
  }
  CHECK(of(bookings(ledger), "a").name == "Ana Petrova");
  CHECK(storage::Database(file, storage::Access::read_only).integer("SELECT count(*) FROM invitee_states") == 1);
}

TEST_CASE("a store of the first version is taken over") {
  for (const auto mode : {Ledger::Mode::read, Ledger::Mode::write}) {
    const program::TemporaryFolder folder;
    const std::string file = (folder.path() / "store").string();
    const Delivery known = told({});
    {
      storage::Database database(file, storage::Access::read_write);
      const auto& present = delivery::ledger_schema;
      storage::migrate(database, {.application = present.application, .migrations = present.migrations.first(1)});
      storage::Statement(
          database, "INSERT INTO deliveries VALUES (5, ?1, 1, 'invitee.created', ?2, ?3, 'valid', x'', x'626f6479')")
          .bind_blob(1, known.identity)
          .bind(2, known.uri)
          .bind(3, known.created_at)
          .run();
      storage::Statement(
          database,
          "INSERT INTO bookings VALUES (3, ?1, 1, 1, 0, 'Ana', 'a@example.org', '', 'Intro', '', '', NULL, "
          "NULL, 'Ana', 'ill', 0, 'delivery'), (4, 'missed', 1, 0, 0, 'Ben', '', '', '', '', '', NULL, "
          "NULL, '', '', 0, 'api')")
          .bind(1, known.uri)
          .run();
      database.execute("INSERT INTO tasks VALUES (1, 5)");
    }
    Ledger(file, mode);
    Ledger ledger(file, Ledger::Mode::write);
    CHECK(ledger.read(5).delivery.body == "body");
    CHECK(ledger.pending(Task::exec, 0, 10).size() == 1);
    ledger.begin();
    CHECK_FALSE(ledger.add(known, {}));
    ledger.finish(5, Task::exec);
    ledger.add_booking(Value::Object{{"uri", "missed"}, {"name", "Benno"}}, Value());
    ledger.commit();
    const auto rows = bookings(ledger);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].state == BookingState::canceled);
    CHECK(rows[0].reason == "ill");
    CHECK(rows[1].uri == "missed");
  }
}

TEST_CASE("a store is one of ours and of a version that is known, and is left alone otherwise") {
  const program::TemporaryFolder folder;
  const std::string file = (folder.path() / "store").string();
  CHECK_THROWS_AS(Ledger(file, Ledger::Mode::read), Error);
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
    for (const auto mode : {Ledger::Mode::read, Ledger::Mode::write})
      CHECK_THROWS_WITH(Ledger(file, mode),
                        Catch::Matchers::Matches("cannot use the store " + file + ".*" + row.why + ".*"));
    CHECK(program::content_of(file) == before);
  }
}

TEST_CASE("a store whose making was cut short is made, whoever opens it") {
  for (const auto mode : {Ledger::Mode::read, Ledger::Mode::write}) {
    const program::TemporaryFolder folder;
    const std::string file = folder.write("store", "");
    Ledger(file, mode);
    Ledger again(file, Ledger::Mode::write);
    add(again, {{}});
    CHECK(bookings(again).size() == 1);
  }
}
