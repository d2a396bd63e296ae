// Gone is gone, also when nobody said so.
#include "bookafy/client.hpp"
#include "catch.hpp"
#include "net/fake_transport.hpp"

using namespace bookafy;

namespace {

const http::Response gone{204, {{"Content-Type", "application/json"}}, {}};
const http::Response missing = json_answer(404, R"({"title":"Resource Not Found","message":"m"})");
const http::Failure cut_off{http::Failure::Reason::cut_off, true, "cut off"};

Resource subscription(int number) { return {ResourceKind::subscription, "s" + std::to_string(number), {}, {}}; }

Client client_of(FakeTransport& transport, FakeTime& time) {
  return Client(
      transport,
      {.base_url = "https://api.test", .token = Secret("token-1"), .retry = {}, .surroundings = time.surroundings()});
}

}  // namespace

TEST_CASE("a 404 is done when an earlier try may have done it, and an error otherwise") {
  struct Row {
    std::string name;
    std::vector<http::Outcome> outcomes;
    bool resent;
    std::optional<ErrorKind> kind;
  };
  const http::Failure refused{http::Failure::Reason::connect, false, "refused"};
  for (const auto& row : std::vector<Row>{
           {"204", {gone}, false, {}},
           {"200 with nonsense", {http::Response{200, {}, "nonsense"}}, false, {}},
           {"404", {missing}, false, ErrorKind::not_found},
           {"cut off, then 404", {cut_off, missing}, false, {}},
           {"500, then 404", {json_answer(500, "{}"), missing}, false, {}},
           {"refused, then 404", {refused, missing}, false, ErrorKind::not_found},
           {"429, then 404", {json_answer(429, "{}", {{"Retry-After", "1"}}), missing}, false, ErrorKind::not_found},
           {"sent twice by the transport, then 404", {missing}, true, {}},
           {"403", {json_answer(403, "{}")}, false, ErrorKind::forbidden},
           {"cut off for ever", {cut_off}, false, ErrorKind::network},
       }) {
    INFO(row.name);
    FakeTime time;
    FakeTransport transport(time, row.outcomes);
    transport.resent = row.resent;
    Client client = client_of(transport, time);
    std::optional<ErrorKind> kind;
    try {
      client.remove(subscription(1));
    } catch (const Error& error) {
      kind = error.kind;
    }
    CHECK(kind == row.kind);
  }
}

TEST_CASE("many are told of in input order, each with its own fate") {
  FakeTime time;
  FakeTransport transport(
      time, [](const http::Request& request) -> http::Outcome { return request.url.ends_with("7") ? missing : gone; });
  Client client = client_of(transport, time);
  std::vector<Resource> all;
  for (int i = 0; i < 500; ++i) all.push_back(subscription(i));
  int told = 0;
  client.remove_many(all, [&](const Outcome& outcome) {
    CHECK(outcome.resource.id == "s" + std::to_string(told));
    CHECK(outcome.error.has_value() == (told % 10 == 7));
    ++told;
  });
  CHECK(told == 500);
  CHECK(transport.requests.size() == 500);
}

TEST_CASE("interrupted deletes are told of where they are known, and named where they are not") {
  FakeTime time;
  struct Row {
    int interrupt_at, jobs;
    std::vector<std::string> told;
    std::string account;
  };
  for (const auto& row : std::vector<Row>{
           {1, 100, {}, "the deletes of 5 subscriptions were under way, and they may be gone: s0, s1, s2, s3, s4"},
           {1, 2, {}, "the deletes of 2 subscriptions were under way, and they may be gone: s0, s1; 3 were not begun"},
           {4, 100, {"s1", "s2"}, "the deletes of 3 subscriptions were under way, and they may be gone: s0, s3, s4"},
           {4,
            1,
            {"s1", "s2"},
            "the deletes of 2 subscriptions were under way, and they may be gone: s0, s3; 1 were not begun"},
           {6, 100, {"s1", "s2", "s3", "s4"}, "the delete of s0 was under way: it may be gone"},
       }) {
    INFO(row.account);
    // The first is asked to wait; the others are answered before its turn comes again.
    FakeTransport transport(time, [&](const http::Request& request) -> http::Outcome {
      if (request.url.ends_with("s0")) return json_answer(503, "{}", {{"Retry-After", "10"}});
      return gone;
    });
    transport.interrupt_at = row.interrupt_at;
    Client client = client_of(transport, time);
    client.limit_jobs(row.jobs);
    std::vector<std::string> told;
    try {
      client.remove_many({subscription(0), subscription(1), subscription(2), subscription(3), subscription(4)},
                         [&](const Outcome& outcome) { told.push_back(outcome.resource.id); });
      FAIL("not interrupted");
    } catch (const http::Interrupted& interrupted) {
      CHECK(told == row.told);
      CHECK(interrupted.account == row.account);
    }
  }
}
