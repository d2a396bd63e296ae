// The search for invitees, against an API that the test plays.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bookafy/client.hpp"
#include "catch.hpp"
#include "net/fake_transport.hpp"

using namespace bookafy;

namespace {

std::string list_body(const std::string& rows, const std::string& token = "") {
  return fmt::format(R"({{"collection":[{}],"pagination":{{"next_page":{},"next_page_token":{}}}}})", rows,
                     token.empty() ? "null" : "\"https://api.test/next?page_token=" + token + '"',
                     token.empty() ? "null" : '"' + token + '"');
}

/// `count` events of one invitee each, in pages of `page`; what is in `answers` comes first, by the end of the path.
struct Calendar {
  int count = 3;
  int page = 100;
  int broken_page = -1;  ///< the page that begins with this event is a server error
  std::map<std::string, http::Response> answers{};
  FakeTime time{};
  FakeTransport transport{time, [this](const http::Request& request) { return answer(request); }};
  Client client{transport,
                {.base_url = "https://api.test",
                 .token = Secret("token-1"),
                 .retry = {.max_retries = 0},
                 .surroundings = time.surroundings()}};

  http::Response answer(const http::Request& request) const {
    const std::string path = request.url.substr(0, request.url.find('?'));
    for (const auto& [end, response] : answers)
      if (path.ends_with(end)) return response;
    if (request.url.ends_with(fmt::format("page_token={}", broken_page)))
      return json_answer(500, R"({"title":"t","message":"m"})");
    return json_answer(200, path.ends_with("/invitees") ? invitees(path) : events(request.url));
  }
  static std::string invitees(const std::string& path) {
    const std::string event = path.substr(0, path.rfind('/'));
    return list_body(fmt::format(R"({{"uri":"{0}/invitees/i","email":"{1}@x.org","status":"active"}})", event,
                                 event.substr(event.rfind('/') + 1)));
  }
  std::string events(const std::string& url) const {
    const auto token = url.find("page_token=");
    const int first = token == std::string::npos ? 0 : std::stoi(url.substr(token + 11));
    std::string rows;
    for (int i = first; i < std::min(first + page, count); ++i)
      rows += fmt::format(
          R"({}{{"calendar_event":{{"kind":"google"}},"event_memberships":[{{"user":"u","buffered_start_time":"t"}}],"start_time":"2026-12-01T{:02}:{:02}:00.000000Z","uri":"https://api.test/scheduled_events/e{}"}})",
          i == first ? "" : ",", i / 60 % 24, i % 60, i);
    return list_body(rows, first + page < count ? std::to_string(first + page) : "");
  }

  /// The addresses' local parts in order; `!` for an event that failed.
  std::string read(InviteeQuery query = {}) {
    query.organization = "o";
    InviteeSearch search = client.find_invitees(query);
    std::string found;
    error = bookafy::error_of([&] {
      while (auto row = search.next()) {
        const auto* invitee = std::get_if<Value>(&*row);
        const std::string email = invitee ? invitee->text_at("email") : "!";
        found += (found.empty() ? "" : " ") + email.substr(0, email.find('@'));
      }
    });
    CHECK_FALSE(search.next());
    return found;
  }
  std::size_t sent(const std::string& part) const {
    return static_cast<std::size_t>(std::count_if(
        transport.requests.begin(), transport.requests.end(),
        [&](const http::Request& request) { return request.url.substr(0, request.url.find('?')).ends_with(part); }));
  }
  std::optional<Error> error{};
};

std::string numbered(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "e" : " e") + std::to_string(i);
  return text;
}

}  // namespace

TEST_CASE("invitees come in the order of the events, over all pages, requested side by side") {
  Calendar calendar{.count = 250};
  CHECK(calendar.read() == numbered(250));
  CHECK(!calendar.error);
  CHECK(calendar.sent("/scheduled_events") == 3);
  CHECK(calendar.sent("/invitees") == 250);
  CHECK(calendar.transport.most_in_flight == 100);
}

TEST_CASE("a found invitee carries its scheduled event as deliveries do") {
  Calendar calendar{.count = 1};
  InviteeSearch search = calendar.client.find_invitees({.organization = "o"});
  const auto row = search.next();
  REQUIRE(row);
  CHECK(std::get<Value>(*row) ==
        Value(Value::Object{
            {"uri", "https://api.test/scheduled_events/e0/invitees/i"},
            {"email", "e0@x.org"},
            {"status", "active"},
            {"scheduled_event", Value::Object{{"event_memberships", Value::Array{Value::Object{{"user", "u"}}}},
                                              {"start_time", "2026-12-01T00:00:00.000000Z"},
                                              {"uri", "https://api.test/scheduled_events/e0"}}}}));
}

TEST_CASE("of a found invitee only the fields asked for are kept") {
  Calendar calendar{.count = 1};
  InviteeSearch search =
      calendar.client.find_invitees({.organization = "o", .fields = {"email", "scheduled_event.start_time"}});
  const auto row = search.next();
  REQUIRE(row);
  const Value& invitee = std::get<Value>(*row);
  CHECK(!invitee.find("uri"));
  CHECK(!invitee.at_path("scheduled_event.event_memberships"));
  CHECK(invitee.at_path("scheduled_event.start_time"));
}

TEST_CASE("a limit asks for no more than it may need") {
  for (const auto& [limit, pages, lists] : std::vector<std::tuple<std::size_t, std::size_t, std::size_t>>{
           {1, 1, 1}, {3, 1, 3}, {100, 1, 100}, {101, 2, 101}}) {
    Calendar calendar{.count = 500};
    INFO(limit);
    CHECK(calendar.read({.limit = limit}) == numbered(static_cast<int>(limit)));
    CHECK(calendar.sent("/scheduled_events") == pages);
    CHECK(calendar.sent("/invitees") == lists);
  }
  Calendar calendar{.count = 5};
  calendar.answers["/e0/invitees"] = json_answer(200, list_body(""));
  CHECK(calendar.read({.limit = 2}) == "e1 e2");
  CHECK(calendar.sent("/invitees") == 3);
}

TEST_CASE("a search runs ahead by a bounded number of events") {
  Calendar calendar{.count = 5000};
  InviteeSearch search = calendar.client.find_invitees({.organization = "o"});
  for (std::size_t i = 1; i <= 1000; ++i) {
    REQUIRE(search.next());
    CHECK(calendar.sent("/invitees") <= i + 200);
    CHECK(calendar.sent("/scheduled_events") <= i / 100 + 5);
  }
}

TEST_CASE("an abandoned search sends nothing more") {
  Calendar calendar{.count = 5000};
  { CHECK(calendar.client.find_invitees({.organization = "o"}).next()); }
  const std::size_t sent = calendar.transport.requests.size();
  CHECK(sent < 300);
}

TEST_CASE("a 401 ends a search, and what was not begun is not sent") {
  Calendar calendar{.count = 5000};
  calendar.answers["/e150/invitees"] = json_answer(401, R"({"title":"Unauthenticated","message":"m"})");
  CHECK(calendar.read() == numbered(150));
  REQUIRE(calendar.error);
  CHECK(calendar.error->kind == ErrorKind::unauthenticated);
  CHECK(calendar.sent("/invitees") < 150 + 201);
}

TEST_CASE("an event whose invitees cannot be read is an error among the rows") {
  for (const auto& [status, kind] :
       std::map<int, ErrorKind>{{403, ErrorKind::forbidden}, {404, ErrorKind::not_found}, {500, ErrorKind::server}}) {
    Calendar calendar{.count = 4};
    calendar.answers["/e1/invitees"] = json_answer(status, R"({"title":"t","message":"m"})");
    CHECK(calendar.read() == "e0 ! e2 e3");
    CHECK(!calendar.error);
  }
}

TEST_CASE("a list of events that cannot be read ends the search") {
  Calendar calendar{.count = 0};
  calendar.answers["/scheduled_events"] = json_answer(500, R"({"title":"t","message":"m"})");
  CHECK(calendar.read().empty());
  REQUIRE(calendar.error);
  CHECK(calendar.error->kind == ErrorKind::server);
  Calendar strange{.count = 0};
  strange.answers["/scheduled_events"] = json_answer(200, list_body(R"({"uri":"https://api.test/users/u"})"));
  CHECK(strange.read().empty());
  REQUIRE(strange.error);
  CHECK(strange.error->kind == ErrorKind::server);
}

TEST_CASE("a page of events that cannot be read is an error after the rows of the pages before it") {
  Calendar calendar{.count = 250, .broken_page = 100};
  CHECK(calendar.read() == numbered(100));
  REQUIRE(calendar.error);
  CHECK(calendar.error->kind == ErrorKind::server);
}

TEST_CASE("a refused search is empty where the caller asked for that") {
  Calendar calendar{.count = 0};
  calendar.answers["/scheduled_events"] = json_answer(403, R"({"title":"Permission Denied","message":"m"})");
  InviteeSearch search = calendar.client.find_invitees({.organization = "o", .refusal_is_empty = true});
  CHECK(!search.next());
  CHECK(search.refused());
  CHECK(calendar.read().empty());
  CHECK(calendar.error->kind == ErrorKind::forbidden);
}

TEST_CASE("filters go to the API, and what it lets through is checked") {
  Calendar calendar{.count = 1};
  calendar.answers["/e0/invitees"] =
      json_answer(200, list_body(R"({"email":"a@x.org","status":"active"},{"email":"B@x.org","status":"canceled"},)"
                                 R"({"email":"b@X.org","status":"active"},{"email":"b@x.org.uk","status":"active"})"));
  CHECK(calendar.read({.email = "b@x.org"}) == "B b");
  CHECK(calendar.transport.requests.front().url ==
        "https://api.test/scheduled_events?organization=o&invitee_email=b%40x.org&sort=start_time%3Aasc&count=100");
  CHECK(calendar.read({.email = "b@x.org", .status = "canceled"}) == "B");
  CHECK(calendar.read({.status = "active"}) == "a b b");
  const Timestamp start = *parse_timestamp("2026-12-01T01:00:00+01:00");  // of the event, to the microsecond
  const auto microsecond = std::chrono::microseconds(1);
  CHECK(calendar.read({.status = "active", .from = start, .until = start + microsecond}) == "a b b");
  CHECK(calendar.read({.from = start + microsecond}).empty());
  CHECK(calendar.read({.until = start}).empty());
  std::vector<std::string> urls;
  for (const auto& request : calendar.transport.requests)
    if (request.url.find("/invitees") == std::string::npos) urls.push_back(request.url.substr(40));
  CHECK(urls[1] == "zation=o&invitee_email=b%40x.org&sort=start_time%3Aasc&count=100");  // the event itself may go on
  CHECK(urls[3].find("status=active&min_start_time=2026-12-01T00%3A00%3A00.000000Z&max_start_time=2026-12-01T00%3A00%"
                     "3A00.000001Z&sort") != std::string::npos);
}
