// Replacements side by side: several under way, and no place empty for longer than its own requests take.
#include <algorithm>
#include <map>
#include <set>

#include "api/codec.hpp"
#include "bookafy/client.hpp"
#include "catch.hpp"
#include "net/fake_transport.hpp"

using namespace bookafy;
using namespace std::chrono_literals;

namespace {

std::string url_of(int number) { return "https://hooks.test/" + std::to_string(number); }

Value subscription_row(const std::string& id, const std::string& url, const Value& events) {
  Value row;
  row.set("uri", "https://api.test/webhook_subscriptions/" + id);
  row.set("callback_url", url);
  row.set("events", events);
  row.set("scope", "user");
  row.set("organization", "o");
  row.set("user", "u");
  row.set("state", "active");
  row.set("created_at", "2026-11-23T00:00:00.000000Z");
  return row;
}

Exchange exchange_of(int number) {
  return {.present = {to_subscription(
              subscription_row("s" + std::to_string(number), url_of(number), Value::Array{"invitee.created"}))},
          .wished = {.url = url_of(number), .events = {"invitee.canceled"}, .organization = "o", .user = "u"}};
}

std::vector<Exchange> exchanges(int count) {
  std::vector<Exchange> all;
  for (int i = 0; i < count; ++i) all.push_back(exchange_of(i));
  return all;
}

/// An API whose requests take 100 ms each and side by side, with a rate limit a minute.
class Places final : public http::Transport {
 public:
  explicit Places(int limit = 1'000'000) : limit_(limit) {}

  void start(std::uint64_t id, http::Request request) override {
    if (request.method != "GET") {
      sent.push_back(request.method);
      if (request.method == "POST") {
        auto& gap = gaps[place_of(request)];
        gap = std::max(gap, time.steady - emptied_[place_of(request)]);
      }
    }
    if (time.steady >= window_ends_) {
      window_ends_ = time.steady + 60s;
      left_ = limit_;
    }
    --left_;
    under_way_.push_back({.id = id, .answered_at = time.steady + 100ms, .request = std::move(request)});
    most_in_flight = std::max(most_in_flight, under_way_.size());
  }

  std::vector<http::Completed> wait(Deadline until) override {
    if (interrupt_at == ++waits_) throw http::Interrupted{2, {}};
    const auto first = std::min_element(under_way_.begin(), under_way_.end(),
                                        [](const auto& a, const auto& b) { return a.answered_at < b.answered_at; });
    const auto next = first == under_way_.end() ? until : std::min(first->answered_at, until);
    if (next > time.steady) time.pass(next - time.steady);
    if (first == under_way_.end() || first->answered_at > time.steady) return {};
    UnderWay one = std::move(*first);
    under_way_.erase(first);
    return {{.id = one.id, .outcome = answer(one.request)}};
  }

  Client client() {
    return Client(
        *this,
        {.base_url = "https://api.test", .token = Secret("token-1"), .retry = {}, .surroundings = time.surroundings()});
  }

  FakeTime time;
  /// What becomes of a request instead: an outcome, or nullopt.
  std::function<std::optional<http::Outcome>(const http::Request&)> fault = [](const auto&) { return std::nullopt; };
  int interrupt_at = 0;
  std::size_t most_in_flight = 0;
  std::vector<std::string> sent;  ///< methods of changes
  /// By number of the place: the longest time from the answer to its delete, or to a create that failed, to the start
  /// of its next create.
  std::map<int, std::chrono::steady_clock::duration> gaps;
  int refused = 0;  ///< for the rate limit

 private:
  struct UnderWay {
    std::uint64_t id;
    std::chrono::steady_clock::time_point answered_at;
    http::Request request;
  };

  static int place_of(const http::Request& request) {
    const std::string name = request.method == "DELETE" ? request.url : codec::decode(request.body).text_at("url");
    return std::stoi(name.substr(name.find_last_not_of("0123456789") + 1));
  }

  http::Outcome answer(const http::Request& request) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(window_ends_ - time.steady).count();
    const std::vector<http::Header> headers{{"X-RateLimit-Limit", std::to_string(limit_)},
                                            {"X-RateLimit-Remaining", std::to_string(std::max(left_, 0))},
                                            {"X-RateLimit-Reset", std::to_string(seconds)}};
    if (left_ < 0) {
      ++refused;
      return json_answer(429, "{}", headers);
    }
    if (request.method == "GET") return json_answer(200, R"({"collection":[],"pagination":{}})", headers);
    if (request.method == "DELETE")
      emptied_.emplace(place_of(request), time.steady);
    else
      emptied_[place_of(request)] = time.steady;
    if (auto instead = fault(request)) return std::move(*instead);
    if (request.method == "DELETE") return http::Response{204, headers, {}};
    const Value body = codec::decode(request.body);
    Value made;
    made.set("resource", subscription_row("new" + std::to_string(++made_), body.text_at("url"), *body.find("events")));
    return json_answer(201, codec::encode(made), headers);
  }

  int limit_;
  int left_ = 0;
  int made_ = 0;
  int waits_ = 0;
  std::chrono::steady_clock::time_point window_ends_{};
  std::vector<UnderWay> under_way_;
  std::map<int, std::chrono::steady_clock::time_point> emptied_;
};

/// The places that were empty for longer than their requests took.
std::vector<int> neglected(const Places& api) {
  std::vector<int> numbers;
  for (const auto& [number, gap] : api.gaps)
    if (gap > 0s) numbers.push_back(number);
  return numbers;
}

bool creates(const http::Request& request, int number) {
  return request.method == "POST" && request.body.find('"' + url_of(number) + '"') != std::string::npos;
}

}  // namespace

TEST_CASE("replacements go side by side, told of in input order") {
  Places api;
  std::size_t told = 0;
  api.client().replace_many(exchanges(20), [&](std::size_t i, const Replacement& outcome) {
    CHECK(i == told++);
    REQUIRE(outcome.made);
    CHECK(outcome.made->callback_url == url_of(static_cast<int>(i)));
    CHECK(outcome.removed == Certainty::yes);
  });
  CHECK(told == 20);
  CHECK(api.most_in_flight == 8);
  CHECK(api.time.steady - FakeTime().steady < 1s);
  CHECK(neglected(api).empty());
}

TEST_CASE("the rate limit keeps no create of a replacement waiting") {
  for (const int limit : {1, 3, 4, 7, 10, 50}) {
    INFO("limit " << limit);
    Places api(limit);
    Client client = api.client();
    client.list({}).next();  // tells the limit
    int made = 0;
    client.replace_many(exchanges(20), [&](std::size_t, const Replacement& one) { made += one.made ? 1 : 0; });
    CHECK(made == 20);
    if (limit < 3) continue;  // a window has no room for a whole one
    CHECK(neglected(api).empty());
    CHECK(api.refused == 0);
  }
}

TEST_CASE("what waits for room to replace holds up no place where an answer was lost") {
  for (const std::string method : {"DELETE", "POST"}) {
    INFO(method);
    Places api(10);
    bool is_lost = false;
    api.fault = [&](const http::Request& request) -> std::optional<http::Outcome> {
      if (request.method != method || std::exchange(is_lost, true)) return std::nullopt;
      return http::Failure{http::Failure::Reason::timeout, true, "timed out"};
    };
    Client client = api.client();
    client.list({}).next();
    client.replace_many(exchanges(8), [](std::size_t, const Replacement& one) { CHECK(one.made); });
    CHECK(neglected(api) == std::vector<int>{0});
    CHECK(api.gaps[0] < 1s);
  }
}

TEST_CASE("trouble of one replacement keeps no other place empty") {
  struct Row {
    std::string name;
    http::Outcome trouble;
    std::vector<int> neglected;  ///< by the server
  };
  for (const auto& row : std::vector<Row>{
           {"lost", http::Failure{http::Failure::Reason::timeout, true, "timed out"}, {0, 3}},
           {"busy", json_answer(503, "{}", {{"Retry-After", "20"}}), {0, 3}},
           {"refused", json_answer(403, "{}"), {}},
       }) {
    INFO(row.name);
    Places api;
    std::set<int> troubled;
    api.fault = [&](const http::Request& request) -> std::optional<http::Outcome> {
      for (const int number : {0, 3})
        if (creates(request, number) && troubled.insert(number).second) return row.trouble;
      return std::nullopt;
    };
    std::vector<bool> made;
    api.client().replace_many(exchanges(8), [&](std::size_t, const Replacement& one) {
      made.push_back(one.made.has_value());
      if (!one.made) CHECK(one.put_back);
    });
    const bool is_refused = row.neglected.empty();
    CHECK(made == std::vector<bool>{!is_refused, true, true, !is_refused, true, true, true, true});
    CHECK(neglected(api) == row.neglected);
  }
}

TEST_CASE(
    "interrupted replacements are told of where they are done, and named with what mends them where they are not") {
  Places api;
  api.fault = [](const http::Request& request) -> std::optional<http::Outcome> {
    if (creates(request, 1)) return json_answer(503, "{}", {{"Retry-After", "20"}});
    return std::nullopt;
  };
  api.interrupt_at = 18;  // eight deletes, eight creates and the look after the lost one
  std::vector<std::size_t> told;
  try {
    api.client().replace_many(exchanges(10), [&](std::size_t i, const Replacement&) { told.push_back(i); });
    FAIL("not interrupted");
  } catch (const http::Interrupted& interrupted) {
    CHECK(told == std::vector<std::size_t>{0, 2, 3, 4, 5, 6, 7});
    CHECK(interrupted.account ==
          "https://api.test/webhook_subscriptions/s1 is gone, and the create of the new one was under way; if bookafy "
          "list shows none of https://hooks.test/1, make it: bookafy create --url 'https://hooks.test/1' --event "
          "'invitee.canceled' --scope user --organization 'o' --user 'u'; 2 were not begun");
  }

  Places early;
  early.interrupt_at = 2;
  try {
    early.client().replace_many(exchanges(2), [](std::size_t, const Replacement&) { FAIL("told of"); });
    FAIL("not interrupted");
  } catch (const http::Interrupted& interrupted) {
    CHECK(interrupted.account.find("s0 is gone, and the create of the new one was under way") != std::string::npos);
    CHECK(interrupted.account.find("the delete of https://api.test/webhook_subscriptions/s1 was under way") !=
          std::string::npos);
  }
}
