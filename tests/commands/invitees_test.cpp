// Who booked: the whole program against the sandbox's API, with more bookings than fit on a page.
#include <fmt/format.h>

#include "catch.hpp"
#include "commands/in_process.hpp"
#include "sandbox/document.hpp"
#include "time_zone.hpp"

using namespace bookafy;
using Arguments = std::vector<std::string>;

namespace {

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// `count` meetings of the owner in 2030, a minute apart, each booked by a person of their own.
void add_meetings(sandbox::World& world, int count) {
  const Value host = world.find(sandbox::seed::owner)->document;
  sandbox::Changes changes;
  for (int i = 0; i < count; ++i) {
    const std::string event = fmt::format("/scheduled_events/many-{:04}", i);
    const Timestamp start = *parse_timestamp("2030-01-01T00:00:00Z") + std::chrono::minutes(i);
    changes.add(sandbox::event_document({.path = event,
                                         .event_type = std::string(sandbox::seed::intro_call),
                                         .name = "Intro call",
                                         .host = host,
                                         .start = start,
                                         .created = start - std::chrono::hours(1),
                                         .location = sandbox::location_physical("Room 4")}));
    changes.add(sandbox::invitee_document({.path = event + "/invitees/i",
                                           .name = "N",
                                           .email = fmt::format("n{}@example.org", i),
                                           .timezone = "Europe/Vienna",
                                           .created = start - std::chrono::hours(1)}));
  }
  world.apply(std::move(changes));
}

}  // namespace

TEST_CASE("invitees of meetings on several pages are all printed, in order") {
  InProcess program;
  add_meetings(program.network.world, 250);
  const auto run = program.run(
      {"invitees", "--from", "2030-01-01T00:00:00Z", "--to", "2030-01-02T00:00:00Z", "-o", "tsv", "--fields", "email"});
  std::string expected = "email\n";
  for (int i = 0; i < 250; ++i) expected += fmt::format("n{}@example.org\n", i);
  CHECK(run.status == 0);
  CHECK(run.out == expected);
  CHECK(run.sent.size() == 1 + 3 + 250);
  const auto limited = program.run({"invitees", "--from", "2030-01-01T00:00:00Z", "--limit", "120", "-o", "uri"});
  CHECK(lines_of(limited.out) == 120);
  CHECK(limited.sent.size() == 1 + 2 + 120);
  const auto last = program.run({"invitees", "--from", "2030-01-01T00:00:00Z", "--to", "2031-01-01T00:00:00Z", "--sort",
                                 "start_time:desc", "--limit", "1", "-o", "tsv", "--fields", "email"});
  CHECK(last.out == "email\nn249@example.org\n");
}

TEST_CASE("a search for invitees makes no request but its own when it is told everything") {
  const std::string organization(sandbox::id_of(sandbox::seed::organization));
  const std::string event(sandbox::id_of(sandbox::seed::sample_event));
  const std::string event_list = "GET /scheduled_events";
  const std::string event_path = event_list + "/" + event;
  InProcess program;
  CHECK(program.run({"invitees", "--organization", organization, "--email", "ana.petrova@example.org"}).sent ==
        Arguments{event_list, event_path + "/invitees"});
  CHECK(program.run({"invitees", "--email", "ana.petrova@example.org"}).sent ==
        Arguments{"GET /users/me", event_list, event_path + "/invitees"});
  CHECK(program.run({"invitees", "--meeting", event}).sent == Arguments{event_path, event_path + "/invitees"});
  CHECK(program.run({"invitees", "--organization", organization, "--email", "nobody@example.org"}).sent ==
        Arguments{event_list});
  program.token = "sandbox-member";
  CHECK(program.run({"invitees", "--email", "nobody@example.org"}).sent ==
        Arguments{"GET /users/me", event_list, event_list});
}

TEST_CASE("what is no search for invitees is not sent") {
  const auto arguments = GENERATE(
      Arguments{"--email", "ana"}, Arguments{"--email", "a@b,c@d"}, Arguments{"--email", "a b@c"},
      Arguments{"--email", "@b"}, Arguments{"--email", "a@"}, Arguments{"--from", "7D"}, Arguments{"--to", "-5m"},
      Arguments{"--from", "2026-02-30"}, Arguments{"--from", "tomorrow", "--to", "today"},
      Arguments{"--status", "rescheduled"}, Arguments{"--sort", "created_at:asc"}, Arguments{"--limit", "0"},
      Arguments{"--jobs", "0"}, Arguments{"--user", "me"}, Arguments{"--user", "a/b/c"}, Arguments{"--meeting", "a b"},
      Arguments{"--meeting", "users/a"}, Arguments{"--meeting", "a", "--user", "b"}, Arguments{"ana@example.org"});
  Arguments all{"invitees"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  InProcess program;
  const auto run = program.run(all);
  INFO(arguments.back() << '\n' << run.err);
  CHECK(run.status == 2);
  CHECK(run.out.empty());
  CHECK(run.sent.empty());
}

TEST_CASE("dates of a search begin at local midnight") {
  const TimeZone zone("Europe/Vienna");
  InProcess program;
  CHECK(program.run({"invitees", "--from", "2026-03-29", "--to", "2026-03-30"}).status == 0);
  const std::string& url = program.network.requests.back().url;
  INFO(url);
  CHECK(url.find("min_start_time=2026-03-28T23%3A00%3A00.000000Z") != std::string::npos);
  CHECK(url.find("max_start_time=2026-03-29T22%3A00%3A00.000000Z") != std::string::npos);
}
