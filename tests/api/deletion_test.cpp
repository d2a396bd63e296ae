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

TEST_CASE("interrupted deletes say how many are uncertain") {
  FakeTime time;
  FakeTransport transport(time, [](const http::Request&) -> http::Outcome { return gone; });
  transport.interrupt_at = 4;
  Client client = client_of(transport, time);
  int told = 0;
  try {
    client.remove_many({subscription(0), subscription(1), subscription(2), subscription(3), subscription(4)},
                       [&](const Outcome&) { ++told; });
    FAIL("not interrupted");
  } catch (const http::Interrupted& interrupted) {
    CHECK(told == 3);
    CHECK(interrupted.account == "the deletes of 2 subscriptions, s3 and after, were under way: they may be gone");
  }
}
