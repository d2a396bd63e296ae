#include "delivery/delivery.hpp"

#include "catch.hpp"
#include "delivery/lanes.hpp"
#include "delivery/seen.hpp"
#include "delivery/target.hpp"

using namespace bookafy;
using namespace std::chrono_literals;
using delivery::read_delivery;

namespace {

std::string identity(const std::string& body) {
  std::string problem;
  const auto read = read_delivery(body, problem);
  REQUIRE(read);
  return read->identity;
}

std::string problem_of(const std::string& body) {
  std::string problem;
  CHECK_FALSE(read_delivery(body, problem));
  return problem;
}

}  // namespace

TEST_CASE("event, payload.uri and created_at make a delivery what it is") {
  const std::string first = identity(R"({"created_at":"t","event":"e","payload":{"uri":"u","x":1}})");
  CHECK(first.size() == 16);
  CHECK(identity(R"({"event":"e", "created_at":"t","payload":{"x":2,"uri":"u"}})") == first);
  CHECK(identity(R"({"created_at":"T","event":"e","payload":{"uri":"u","x":1}})") != first);
  CHECK(identity(R"({"created_at":"t","event":"E","payload":{"uri":"u","x":1}})") != first);
  CHECK(identity(R"({"created_at":"t","event":"e","payload":{"uri":"U","x":1}})") != first);
  // Without payload.uri every byte counts.
  const std::string second = identity(R"({"created_at":"t","event":"e","payload":{"x":1}})");
  CHECK(identity(R"({"created_at":"t","event":"e","payload":{"x":1}})") == second);
  CHECK(identity(R"({"created_at":"t","event":"e","payload":{"x":2}})") != second);
}

TEST_CASE("what is no delivery is refused with the reason") {
  CHECK(problem_of("") != "");
  CHECK(problem_of("[]") == "it has no event");
  CHECK(problem_of(R"({"event":"e","payload":{}})") == "it has no created_at");
  CHECK(problem_of(R"({"event":"e","created_at":"t","payload":[]})") == "it has no payload");
  CHECK(problem_of(R"({"event":1,"created_at":"t","payload":{}})") == "it has no event");
  CHECK(problem_of("{\"event\":\"\xff\"}") != "");
}

TEST_CASE("a body becomes one line without a change of meaning") {
  CHECK(delivery::one_line(R"({"a":"b c"})") == R"({"a":"b c"})");
  CHECK(delivery::one_line("{\r\n  \"a\": \"b\\n\"\n}\n") == "{    \"a\": \"b\\n\" }");
}

TEST_CASE("headers are passed on but for those of the connection") {
  delivery::Delivery received;
  received.body = "body";
  received.headers = {{"Host", "here"},         {"X-Kept", "1"}, {"Content-Length", "4"},
                      {"connection", "X-Gone"}, {"x-gone", "1"}, {"Transfer-Encoding", "chunked"},
                      {"Content-Type", "a/b"},  {"X-Kept", "2"}};
  const auto request = delivery::passed_on("http://127.0.0.1/hook", received);
  std::string names;
  for (const auto& [name, value] : request.headers) names += name + "=" + value + " ";
  CHECK(names == "X-Kept=1 Content-Type=a/b X-Kept=2 ");
  CHECK(request.body == "body");
  CHECK(request.method == "POST");
}

TEST_CASE("the back-off doubles up to a minute") {
  CHECK(delivery::retry_wait(1) == 500ms);
  CHECK(delivery::retry_wait(2) == 1s);
  CHECK(delivery::retry_wait(7) == 32s);
  CHECK(delivery::retry_wait(8) == 60s);
  CHECK(delivery::retry_wait(1'000'000) == 60s);
}

namespace {

/// The next one, which is then under way.
std::optional<std::int64_t> begin_next(delivery::Lanes& lanes, delivery::Lanes::Time now) {
  const auto number = lanes.next(now);
  if (number) lanes.begin(*number);
  return number;
}

}  // namespace

TEST_CASE("a delivery that could not be begun is the next one still") {
  delivery::Lanes lanes;
  const delivery::Lanes::Time now{};
  lanes.add({1, "a"});
  CHECK(lanes.next(now) == 1);
  CHECK(lanes.next(now) == 1);
  CHECK(lanes.due(now) == now);
  CHECK(lanes.under_way() == 0);
}

TEST_CASE("deliveries of one invitee wait for each other, others do not") {
  delivery::Lanes lanes;
  const delivery::Lanes::Time now{};
  for (const auto& [number, uri] : {std::pair{1, "a"}, {2, "a"}, {3, "b"}, {4, ""}, {5, ""}}) lanes.add({number, uri});
  std::vector<std::int64_t> begun;
  while (const auto number = begin_next(lanes, now)) begun.push_back(*number);
  std::sort(begun.begin(), begun.end());
  CHECK(begun == std::vector<std::int64_t>{1, 3, 4, 5});
  CHECK_FALSE(lanes.due(now));

  CHECK(lanes.refused(1, now) == 500ms);
  CHECK_FALSE(begin_next(lanes, now));
  CHECK(lanes.due(now) == now + 500ms);
  CHECK(begin_next(lanes, now + 500ms) == 1);
  lanes.taken(1);
  CHECK(begin_next(lanes, now + 500ms) == 2);
  for (const std::int64_t number : {2, 3, 4, 5}) lanes.taken(number);
  CHECK(lanes.size() == 0);
}

TEST_CASE("a target that cannot be reached is probed by one delivery at a time") {
  delivery::Lanes lanes;
  const delivery::Lanes::Time now{};
  for (const auto& [number, uri] : {std::pair{1, "a"}, {2, "b"}, {3, "c"}}) lanes.add({number, uri});
  const auto first = begin_next(lanes, now);
  const auto second = begin_next(lanes, now);
  CHECK(lanes.unreachable(*first, now) == 500ms);
  CHECK(lanes.unreachable(*second, now) == 500ms);
  CHECK_FALSE(begin_next(lanes, now));
  CHECK(lanes.due(now) == now + 500ms);
  const auto probe = begin_next(lanes, now + 500ms);
  REQUIRE(probe);
  CHECK_FALSE(begin_next(lanes, now + 500ms));
  CHECK(lanes.unreachable(*probe, now + 500ms) == 1s);
  const auto again = begin_next(lanes, now + 1500ms);
  REQUIRE(again);
  lanes.taken(*again);
  CHECK(begin_next(lanes, now + 1500ms));
  CHECK(begin_next(lanes, now + 1500ms));
  CHECK_FALSE(begin_next(lanes, now + 1500ms));
}

TEST_CASE("deliveries of late are remembered, older ones forgotten") {
  delivery::Seen seen;
  seen.set("first", delivery::Seen::State::printed);
  seen.set("first", delivery::Seen::State::done);
  CHECK(seen.state("first") == delivery::Seen::State::done);
  CHECK(seen.state("other") == delivery::Seen::State::fresh);
  for (int i = 0; i < 100'000; ++i) seen.set(std::to_string(i), delivery::Seen::State::done);
  CHECK(seen.state("first") == delivery::Seen::State::fresh);
  CHECK(seen.state("99999") == delivery::Seen::State::done);
}
