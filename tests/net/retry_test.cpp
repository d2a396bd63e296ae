// What is tried again, after which wait: tables, no clock.
#include "net/retry.hpp"

#include "catch.hpp"

using namespace bookafy;
using namespace bookafy::net;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Reason = http::Failure::Reason;
using Verdict = Decision::Verdict;

namespace {

const std::chrono::system_clock::time_point now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 9h;

Decision decide_once(const std::string& method, const http::Outcome& outcome, int tries = 1, RetryPolicy policy = {},
                     double chance = 0.5) {
  http::Request request;
  request.method = method;
  return decide(request, outcome, tries, policy, chance, now);
}

http::Response answer(int status, std::vector<http::Header> headers = {}) { return {status, std::move(headers), {}}; }

}  // namespace

TEST_CASE("statuses that another try may mend are tried again when nothing can happen twice") {
  struct Row {
    int status;
    bool get;  ///< and HEAD and DELETE
    bool post;
  };
  for (const auto& [status, get, post] : std::vector<Row>{
           {200, false, false}, {201, false, false}, {204, false, false}, {301, false, false}, {302, false, false},
           {400, false, false}, {401, false, false}, {403, false, false}, {404, false, false}, {408, true, false},
           {409, false, false}, {422, false, false}, {425, false, false}, {429, true, true},   {500, true, false},
           {501, false, false}, {502, true, false},  {503, true, false},  {504, true, false},  {505, false, false},
           {520, false, false}, {0, false, false},   {999, false, false}}) {
    INFO(status);
    for (const auto* method : {"GET", "HEAD", "DELETE"})
      CHECK((decide_once(method, answer(status)).verdict == Verdict::retry) == get);
    for (const auto* method : {"POST", "PUT", "PATCH", "delete"})
      CHECK((decide_once(method, answer(status)).verdict == Verdict::retry) == post);
  }
}

TEST_CASE("a failure is tried again when the network made it and nothing can happen twice") {
  struct Row {
    Reason reason;
    bool transient;
  };
  for (const auto& [reason, transient] : std::vector<Row>{{Reason::resolve, true},
                                                          {Reason::connect, true},
                                                          {Reason::tls, false},
                                                          {Reason::timeout, true},
                                                          {Reason::cut_off, true},
                                                          {Reason::too_large, false},
                                                          {Reason::malformed, false}}) {
    for (const bool sent : {false, true}) {
      INFO(static_cast<int>(reason) << (sent ? " sent" : " not sent"));
      const http::Failure failure{reason, sent, "what happened"};
      for (const auto* method : {"GET", "DELETE"})
        CHECK((decide_once(method, failure).verdict == Verdict::retry) == transient);
      CHECK((decide_once("POST", failure).verdict == Verdict::retry) == (transient && !sent));
      if (transient) CHECK(decide_once("GET", failure).why == "what happened");
    }
  }
}

TEST_CASE("tries end") {
  for (const int most : {0, 1, 4, 100}) {
    const RetryPolicy policy{.max_retries = most};
    CHECK(decide_once("GET", answer(503), most + 1, policy).verdict == Verdict::done);
    if (most > 0) CHECK(decide_once("GET", answer(503), most, policy).verdict == Verdict::retry);
  }
}

TEST_CASE("the server's wait is taken from its headers") {
  using Headers = std::vector<http::Header>;
  struct Row {
    std::string name;
    int status;
    Headers headers;
    std::optional<milliseconds> wait;
  };
  const std::vector<Row> rows{
      {"nothing said", 429, {}, {}},
      {"seconds", 503, {{"Retry-After", "7"}}, 7s},
      {"letter case of the name", 503, {{"retry-after", "7"}}, 7s},
      {"zero", 503, {{"Retry-After", "0"}}, 0ms},
      {"a date", 503, {{"Retry-After", "Mon, 23 Nov 2026 09:00:30 GMT"}}, 30s},
      {"a date that has passed", 503, {{"Retry-After", "Mon, 23 Nov 2026 08:00:00 GMT"}}, 0ms},
      {"a date before all computers", 503, {{"Retry-After", "Fri, 01 Jan 0001 00:00:00 GMT"}}, 0ms},
      {"negative", 503, {{"Retry-After", "-5"}}, {}},
      {"a fraction", 503, {{"Retry-After", "1.5"}}, {}},
      {"with a unit", 503, {{"Retry-After", "5s"}}, {}},
      {"words", 503, {{"Retry-After", "soon"}}, {}},
      {"out of range", 503, {{"Retry-After", "99999999999999999999"}}, 1'000'000'000s},
      {"a date by the server's clock",
       503,
       {{"Date", "Mon, 23 Nov 2026 12:00:00 GMT"}, {"Retry-After", "Mon, 23 Nov 2026 12:00:30 GMT"}},
       30s},
      {"a date by a clock that is behind ours",
       503,
       {{"Date", "Mon, 23 Nov 2026 06:00:00 GMT"}, {"Retry-After", "Mon, 23 Nov 2026 06:00:30 GMT"}},
       30s},
      {"a date beside a Date that is none",
       503,
       {{"Date", "now"}, {"Retry-After", "Mon, 23 Nov 2026 09:00:30 GMT"}},
       30s},
      {"reset out of range", 429, {{"X-RateLimit-Reset", "1795424400"}}, 1'000'000'000s},
      {"reset of a 429", 429, {{"X-RateLimit-Reset", "42"}}, 42s},
      {"reset beside garbage", 429, {{"Retry-After", "soon"}, {"X-RateLimit-Reset", "42"}}, 42s},
      {"Retry-After wins", 429, {{"Retry-After", "3"}, {"X-RateLimit-Reset", "42"}}, 3s},
      {"reset that is garbage", 429, {{"X-RateLimit-Reset", "1e3"}}, {}},
      {"reset of an unlimited 503", 503, {{"X-RateLimit-Reset", "42"}, {"X-RateLimit-Remaining", "3"}}, {}},
      {"reset of a limited 503", 503, {{"X-RateLimit-Reset", "42"}, {"X-RateLimit-Remaining", "0"}}, 42s},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    CHECK(asked_wait(answer(row.status, row.headers), now) == row.wait);
  }
  const auto far = asked_wait(answer(503, {{"Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"}}), now);
  REQUIRE(far);
  CHECK(*far > std::chrono::hours(24 * 365));
}

TEST_CASE("a wait over the maximum is not begun, whatever is left of the tries") {
  const RetryPolicy policy{.max_retries = 4, .max_wait = 60s};
  struct Row {
    std::string seconds;
    int tries;
    Verdict verdict;
    milliseconds wait;
  };
  for (const auto& [seconds, tries, verdict, wait] : std::vector<Row>{{"60", 1, Verdict::retry, 60s},
                                                                      {"61", 1, Verdict::too_long, 61s},
                                                                      {"61", 5, Verdict::too_long, 61s},
                                                                      {"60", 5, Verdict::done, 0s}}) {
    INFO(seconds << " s after try " << tries);
    for (const auto* method : {"GET", "POST"}) {
      const auto decision = decide_once(method, answer(429, {{"Retry-After", seconds}}), tries, policy);
      CHECK(decision.verdict == verdict);
      CHECK(decision.wait == wait);
    }
  }
  // A server that asks for no wait at all must not be hammered.
  CHECK(decide_once("GET", answer(503, {{"Retry-After", "0"}}), 1, policy).wait == backoff(1, 0.5));
}

TEST_CASE("back-off doubles, has full jitter and an end") {
  struct Row {
    int tries;
    milliseconds ceiling;
  };
  for (const auto& [tries, ceiling] : std::vector<Row>{{1, 500ms},
                                                       {2, 1s},
                                                       {3, 2s},
                                                       {4, 4s},
                                                       {6, 16s},
                                                       {7, 30s},
                                                       {17, 30s},
                                                       {100, 30s},
                                                       {std::numeric_limits<int>::max(), 30s}}) {
    INFO(tries);
    CHECK(backoff(tries, 0.0) == 0ms);
    CHECK(backoff(tries, 0.5) == ceiling / 2);
    CHECK(backoff(tries, 0.999999) <= ceiling);
    CHECK(backoff(tries, 0.999999) >= ceiling - 1ms);
  }
}

TEST_CASE("HTTP dates in their three forms, and nothing else") {
  const auto moment = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;
  for (const std::string text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    INFO(text);
    REQUIRE(parse_http_date(text));
    CHECK(*parse_http_date(text) == moment);
  }
  for (const std::string text :
       {"", " ", "0", "1994", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000", "06 Nov 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT, again",
        "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT                                          more"}) {
    INFO(text);
    CHECK(!parse_http_date(text));
  }
}

TEST_CASE("HTTP dates that no clock can hold stay far away instead of wrapping round") {
  const auto far = parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT");
  REQUIRE(far);
  CHECK(*far > now + std::chrono::hours(24 * 365 * 10));
  const auto past = parse_http_date("Mon, 01 Jan 0001 00:00:00 GMT");
  REQUIRE(past);
  CHECK(*past < now - std::chrono::hours(24 * 365 * 10));
  // Their difference is one that a duration holds, too.
  CHECK(*far - *past > std::chrono::hours(24));
}

TEST_CASE("whole numbers of headers") {
  struct Row {
    std::string text;
    std::optional<int> number;
  };
  for (const auto& [text, number] : std::vector<Row>{{"0", 0},
                                                     {"60", 60},
                                                     {"007", 7},
                                                     {"1000000000", 1'000'000'000},
                                                     {"1000000001", 1'000'000'000},
                                                     {"99999999999", 1'000'000'000},
                                                     {"", {}},
                                                     {"-1", {}},
                                                     {"-0", {}},
                                                     {"+1", {}},
                                                     {" 1", {}},
                                                     {"1 ", {}},
                                                     {"1.0", {}},
                                                     {"0x10", {}}}) {
    INFO(text);
    CHECK(header_number(text) == number);
  }
}
