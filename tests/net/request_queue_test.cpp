// The queue that all requests share, with a network and a clock of its own.
#include "net/request_queue.hpp"

#include "catch.hpp"
#include "net/fake_transport.hpp"
#include "net/retry.hpp"

using namespace bookafy;
using namespace bookafy::net;
using namespace std::chrono_literals;

namespace {

http::Request get(const std::string& url) { return {"GET", url, {}, {}}; }

int status_of(const Answer& answer) {
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  return response ? response->status : 0;
}

const http::Failure cut_off{http::Failure::Reason::cut_off, true, "cut off"};

/// A server with a budget a minute, which tells in every answer what is left of it.
struct LimitedServer {
  FakeTime& time;
  int limit;
  std::chrono::steady_clock::duration ahead{};  ///< its minutes begin that much earlier than it says
  int used = 0;
  int refused = 0;
  std::optional<std::chrono::steady_clock::time_point> ends{};

  http::Outcome operator()(const http::Request&) {
    if (!ends || time.steady >= *ends - ahead) {
      ends = time.steady + 60s;
      used = 0;
    }
    const bool allowed = used < limit;
    allowed ? ++used : ++refused;
    const auto left = std::chrono::ceil<std::chrono::seconds>(*ends - time.steady).count();
    return http::Response{allowed ? 200 : 429,
                          {{"X-RateLimit-Limit", std::to_string(limit)},
                           {"X-RateLimit-Remaining", std::to_string(limit - used)},
                           {"X-RateLimit-Reset", std::to_string(left)}},
                          {}};
  }
};

}  // namespace

TEST_CASE("ten thousand requests wait for the rate limit rather than fail") {
  struct Row {
    int limit;
    int in_flight;
    std::chrono::milliseconds latency;
  };
  for (const auto& [limit, in_flight, latency] :
       std::vector<Row>{{500, 100, 5ms}, {500, 8, 100ms}, {50, 100, 5ms}, {1, 100, 0ms}, {500, 1, 1ms}}) {
    INFO(limit << " a minute, " << in_flight << " in flight");
    const int requests = limit > 1 ? 10'000 : 200;
    FakeTime time;
    LimitedServer server{time, limit};
    FakeTransport transport(time, [&](const http::Request& request) { return server(request); });
    transport.latency = latency;
    RequestQueue queue(transport, {}, time.surroundings(), in_flight);
    std::vector<std::uint64_t> tickets;
    for (int i = 0; i < requests; ++i) tickets.push_back(queue.submit(get("/" + std::to_string(i))));
    const auto begin = time.steady;
    int answered = 0;
    for (const auto ticket : tickets) answered += status_of(queue.await(ticket)) == 200;
    CHECK(answered == requests);
    // Only the requests in flight before the first answer told of the limit can run into it.
    CHECK(server.refused <= in_flight);
    CHECK(time.steady - begin < 61s * (requests / limit + 1));
  }
}

TEST_CASE("once the limit is known nothing runs into it") {
  FakeTime time;
  LimitedServer server{time, 50};
  FakeTransport transport(time, [&](const http::Request& request) { return server(request); });
  transport.latency = 5ms;
  RequestQueue queue(transport, {}, time.surroundings(), 100);
  CHECK(status_of(queue.await(queue.submit(get("/first")))) == 200);
  std::vector<std::uint64_t> tickets;
  for (int i = 0; i < 500; ++i) tickets.push_back(queue.submit(get("/" + std::to_string(i))));
  for (const auto ticket : tickets) CHECK(status_of(queue.await(ticket)) == 200);
  CHECK(server.refused == 0);
  CHECK(transport.most_in_flight <= 50);
}

TEST_CASE("a wait is told once, not once a request") {
  FakeTime time;
  LimitedServer server{time, 50};
  FakeTransport transport(time, [&](const http::Request& request) { return server(request); });
  RequestQueue queue(transport, {}, time.surroundings(), 100);
  std::vector<std::uint64_t> tickets;
  for (int i = 0; i < 150; ++i) tickets.push_back(queue.submit(get("/" + std::to_string(i))));
  for (const auto ticket : tickets) CHECK(status_of(queue.await(ticket)) == 200);
  CHECK(time.notes.size() == 2);
  for (const auto& note : time.notes) {
    INFO(note);
    CHECK(note.find("rate limit") != std::string::npos);
    CHECK(note.find("60 s") != std::string::npos);
  }
}

TEST_CASE("a window that the server opened early is used") {
  FakeTime time;
  LimitedServer server{time, 10, 1500ms};
  FakeTransport transport(time, [&](const http::Request& request) { return server(request); });
  transport.latency = 5900ms;  // the tenth answer of the first minute comes after the second began
  RequestQueue queue(transport, {}, time.surroundings(), 2);
  std::vector<std::uint64_t> tickets;
  for (int i = 0; i < 30; ++i) tickets.push_back(queue.submit(get("/" + std::to_string(i))));
  const auto begin = time.steady;
  for (const auto ticket : tickets) CHECK(status_of(queue.await(ticket)) == 200);
  CHECK(time.steady - begin < 200s);
}

TEST_CASE("a wait that is too long ends everything that would have to wait, at once") {
  FakeTime time;
  FakeTransport transport(time,
                          {http::Response{200, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "300"}}, {}}});
  RequestQueue queue(transport, {.max_wait = 120s}, time.surroundings(), 1);
  const auto begin = time.steady;
  const auto first = queue.submit(get("/1"));
  const auto second = queue.submit(get("/2"));
  const auto third = queue.submit(get("/3"));
  CHECK(status_of(queue.await(first)) == 200);
  for (const auto ticket : {second, third}) {
    const auto answer = queue.await(ticket);
    REQUIRE(answer.refused_wait);
    CHECK(*answer.refused_wait == 300s);
    CHECK(!answer.maybe_done_before);
  }
  CHECK(time.steady == begin);
  CHECK(transport.requests.size() == 1);
}

TEST_CASE("a 429 with too long a wait is handed over at once with its answer") {
  FakeTime time;
  FakeTransport transport(time, {http::Response{429, {{"Retry-After", "121"}}, "{}"}});
  RequestQueue queue(transport, {.max_wait = 120s}, time.surroundings(), 1);
  const auto answer = queue.await(queue.submit(get("/1")));
  REQUIRE(answer.refused_wait);
  CHECK(*answer.refused_wait == 121s);
  CHECK(status_of(answer) == 429);
  CHECK(transport.requests.size() == 1);
}

TEST_CASE("requests start in their order, and one tried again goes first") {
  FakeTime time;
  int calls = 0;
  FakeTransport transport(time, [&](const http::Request&) -> http::Outcome {
    if (++calls == 1) return cut_off;
    return http::Response{200, {}, {}};
  });
  time.chance = 0;
  RequestQueue queue(transport, {}, time.surroundings(), 1);
  std::vector<std::uint64_t> tickets;
  for (const auto* url : {"/1", "/2", "/3"}) tickets.push_back(queue.submit(get(url)));
  for (auto ticket = tickets.rbegin(); ticket != tickets.rend(); ++ticket)
    CHECK(status_of(queue.await(*ticket)) == 200);
  std::string order;
  for (const auto& request : transport.requests) order += request.url;
  CHECK(order == "/1/1/2/3");
}

TEST_CASE("no more are in flight than allowed, and a wait for one holds up no other") {
  FakeTime time;
  int calls = 0;
  FakeTransport transport(time, [&](const http::Request& request) -> http::Outcome {
    ++calls;
    if (request.url == "/slow" && time.steady < FakeTime().steady + 20s)
      return http::Response{503, {{"Retry-After", "20"}}, {}};
    return http::Response{200, {}, {}};
  });
  RequestQueue queue(transport, {}, time.surroundings(), 3);
  const auto slow = queue.submit(get("/slow"));
  std::vector<std::uint64_t> tickets;
  for (int i = 0; i < 20; ++i) tickets.push_back(queue.submit(get("/" + std::to_string(i))));
  for (const auto ticket : tickets) CHECK(status_of(queue.await(ticket)) == 200);
  CHECK(time.steady == FakeTime().steady);
  CHECK(status_of(queue.await(slow)) == 200);
  CHECK(time.steady == FakeTime().steady + 20s);
  CHECK(transport.most_in_flight == 3);
}

TEST_CASE("a retry waits and says so") {
  FakeTime time;
  FakeTransport transport(time,
                          {cut_off, http::Response{503, {{"Retry-After", "3"}}, {}}, http::Response{200, {}, {}}});
  RequestQueue queue(transport, {}, time.surroundings(), 1);
  const auto begin = time.steady;
  CHECK(status_of(queue.await(queue.submit(get("http://api.test/x")))) == 200);
  CHECK(time.steady - begin == backoff(1, 0.5) + 3s);
  REQUIRE(time.notes.size() == 2);
  CHECK(time.notes[0] == "GET http://api.test/x: cut off; trying again in 0.2 s (1 of 4)");
  CHECK(time.notes[1] == "GET http://api.test/x: 503; trying again in 3.0 s (2 of 4)");
}

TEST_CASE("an answer tells whether an earlier try may have done the work") {
  const http::Failure not_sent{http::Failure::Reason::connect, false, "refused"};
  const http::Response missing{404, {}, {}};
  struct Row {
    std::string name;
    std::vector<http::Outcome> outcomes;
    bool resent;
    bool maybe;
  };
  for (const auto& row : std::vector<Row>{
           {"first try", {missing}, false, false},
           {"not sent before", {not_sent, missing}, false, false},
           {"cut off before", {cut_off, missing}, false, true},
           {"cut off, then not sent", {cut_off, not_sent, missing}, false, true},
           {"500 before", {http::Response{500, {}, {}}, missing}, false, true},
           {"504 before", {http::Response{504, {}, {}}, missing}, false, true},
           {"429 before: refused, so not done", {http::Response{429, {}, {}}, missing}, false, false},
           {"sent twice by the transport", {missing}, true, true},
       }) {
    INFO(row.name);
    FakeTime time;
    FakeTransport transport(time, row.outcomes);
    transport.resent = row.resent;
    RequestQueue queue(transport, {}, time.surroundings(), 1);
    http::Request request = get("/x");
    request.method = "DELETE";
    const auto answer = queue.await(queue.submit(request));
    CHECK(status_of(answer) == 404);
    CHECK(answer.maybe_done_before == row.maybe);
  }
}

TEST_CASE("tries are counted for each request") {
  for (const int most : {0, 1, 4}) {
    FakeTime time;
    FakeTransport transport(time, {http::Response{500, {}, {}}});
    RequestQueue queue(transport, {.max_retries = most}, time.surroundings(), 2);
    const auto first = queue.submit(get("/1"));
    const auto second = queue.submit(get("/2"));
    CHECK(status_of(queue.await(first)) == 500);
    CHECK(status_of(queue.await(second)) == 500);
    CHECK(transport.requests.size() == 2 * (static_cast<std::size_t>(most) + 1));
  }
}

TEST_CASE("rate limit headers that make no sense change nothing") {
  using Headers = std::vector<http::Header>;
  for (const auto& headers : std::vector<Headers>{{{"X-RateLimit-Remaining", "0"}},
                                                  {{"X-RateLimit-Remaining", "-1"}, {"X-RateLimit-Reset", "60"}},
                                                  {{"X-RateLimit-Remaining", "none"}, {"X-RateLimit-Reset", "60"}},
                                                  {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "-60"}},
                                                  {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", ""}},
                                                  {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "0"}},
                                                  {{"X-RateLimit-Limit", "0"}}}) {
    FakeTime time;
    FakeTransport transport(time, {http::Response{200, headers, {}}});
    RequestQueue queue(transport, {}, time.surroundings(), 4);
    for (int i = 0; i < 5; ++i) CHECK(status_of(queue.await(queue.submit(get("/x")))) == 200);
    CHECK(time.steady == FakeTime().steady);
  }
}

TEST_CASE("a request that something must follow at once waits until the limit has room for both") {
  FakeTime time;
  LimitedServer server{time, 10};
  FakeTransport transport(time, [&](const http::Request& request) { return server(request); });
  RequestQueue queue(transport, {}, time.surroundings(), 1);
  for (int i = 0; i < 8; ++i) queue.await(queue.submit(get("/")));
  const auto before = time.steady;
  CHECK(status_of(queue.await(queue.submit({"DELETE", "/", {}, {}}, {.room = 3}))) == 200);
  CHECK(time.steady - before >= 50s);
  const auto between = time.steady;
  CHECK(status_of(queue.await(queue.submit({"POST", "/", {}, {}}))) == 200);
  CHECK(time.steady - between < 5s);
  CHECK(server.refused == 0);
}

TEST_CASE("a limit that never has the room does not hold a request up for ever") {
  FakeTime time;
  LimitedServer server{time, 1};
  FakeTransport transport(time, [&](const http::Request& request) { return server(request); });
  RequestQueue queue(transport, {}, time.surroundings(), 1);
  queue.await(queue.submit(get("/")));
  CHECK(status_of(queue.await(queue.submit({"DELETE", "/", {}, {}}, {.room = 3}))) == 200);
}

TEST_CASE("answers that come while time passes are kept") {
  FakeTime time;
  LimitedServer server{time, 100};
  FakeTransport transport(time, [&](const http::Request& request) { return server(request); });
  transport.latency = 100ms;
  RequestQueue queue(transport, {}, time.surroundings(), 10);
  const auto ticket = queue.submit(get("/"));
  const auto before = time.steady;
  queue.run_until(before + 2s);
  CHECK(time.steady - before >= 2s);
  CHECK(status_of(queue.await(ticket)) == 200);
  CHECK(time.steady - before < 3s);
}
