// Never two: what a create does when it does not know what became of it.
#include "api/codec.hpp"
#include "bookafy/client.hpp"
#include "bookafy/timestamp.hpp"
#include "catch.hpp"
#include "net/fake_transport.hpp"

using namespace bookafy;
using namespace std::chrono_literals;
using Reason = http::Failure::Reason;

namespace {

const NewSubscription hook{.url = "https://hooks.test/a",
                           .events = {"invitee.created", "invitee.canceled"},
                           .scope = Scope::user,
                           .organization = "https://api.test/organizations/o",
                           .user = "https://api.test/users/u"};

/// An API that keeps subscriptions and whose clock may differ from ours.
struct Account {
  FakeTime time;
  std::chrono::seconds clock_ahead{0};  ///< of the server
  bool unique_urls = true;
  std::vector<Value> rows;
  int posts = 0;
  int lists = 0;
  /// What becomes of the n-th POST (from 1): an outcome instead of the true answer.
  std::function<std::optional<http::Outcome>(int)> fault = [](int) { return std::nullopt; };
  bool works_when_faulty = true;  ///< a faulty POST makes the subscription all the same
  FakeTransport transport{time, [this](const http::Request& request) { return answer(request); }};

  std::chrono::system_clock::time_point server_now() const { return time.wall + clock_ahead; }
  std::vector<http::Header> date() const {
    const auto seconds = std::chrono::system_clock::to_time_t(server_now());
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {{"Date", text}};
  }

  Value add(std::string url, std::vector<std::string> events, std::string state = "active") {
    Value row;
    row.set("uri", "https://api.test/webhook_subscriptions/s" + std::to_string(rows.size() + 1));
    row.set("callback_url", std::move(url));
    row.set("created_at", format_timestamp(std::chrono::floor<std::chrono::microseconds>(server_now())));
    row.set("events", Value::Array(events.begin(), events.end()));
    row.set("scope", "user");
    row.set("organization", hook.organization);
    row.set("user", hook.user);
    row.set("state", std::move(state));
    rows.push_back(row);
    return row;
  }

  http::Outcome answer(const http::Request& request) {
    time.pass(10ms);
    if (request.method == "GET") {
      ++lists;
      return json_answer(200,
                         codec::encode(Value::Object{{"collection", Value::Array(rows.rbegin(), rows.rend())},
                                                     {"pagination", Value::Object{{"next_page", nullptr}}}}),
                         date());
    }
    ++posts;
    const auto broken = fault(posts);
    if (broken && !works_when_faulty) return *broken;
    const Value body = codec::decode(request.body);
    const bool taken = unique_urls && std::any_of(rows.begin(), rows.end(), [&](const Value& row) {
                         return row.text_at("callback_url") == body.text_at("url");
                       });
    if (taken)
      return json_answer(409, R"({"title":"Already Exists","message":"Hook with this url already exists"})", date());
    const Value row = add(body.text_at("url"), hook.events);
    return broken ? *broken : json_answer(201, codec::encode(Value::Object{{"resource", row}}), date());
  }

  Client client(int max_retries = 4) {
    return Client(transport, {.base_url = "https://api.test",
                              .token = Secret("token-1"),
                              .retry = {.max_retries = max_retries},
                              .surroundings = time.surroundings()});
  }
};

const std::vector<std::pair<std::string, http::Outcome>> lost_answers{
    {"cut off", http::Failure{Reason::cut_off, true, "cut off"}},
    {"timeout", http::Failure{Reason::timeout, true, "timeout"}},
    {"malformed", http::Failure{Reason::malformed, true, "malformed"}},
    {"too large", http::Failure{Reason::too_large, true, "too large"}},
    {"500", json_answer(500, "{}")},
    {"502", http::Response{502, {{"Content-Type", "text/html"}}, "<html>"}},
    {"503", json_answer(503, "{}")},
    {"504", json_answer(504, "{}")},
    {"408", json_answer(408, "{}")},
    {"520", json_answer(520, "{}")},
    {"a success without JSON", http::Response{201, {{"Content-Type", "text/html"}}, "<html>"}},
    {"a success cut in two", json_answer(201, R"({"resource":{"uri":)")},
    {"a success of another shape", json_answer(201, R"({"resource":{}})")},
};

}  // namespace

TEST_CASE("a lost answer to a create that worked is found, and not sent again") {
  for (const auto& [name, outcome] : lost_answers) {
    for (const auto ahead : {0s, -7200s, 7200s}) {
      for (const bool unique : {true, false}) {
        INFO(name << ", server ahead by " << ahead.count() << " s" << (unique ? "" : ", without conflicts"));
        Account account;
        account.clock_ahead = ahead;
        account.unique_urls = unique;
        account.fault = [&](int) { return std::optional(outcome); };
        const Subscription made = account.client().create(hook);
        CHECK(made.uri == "https://api.test/webhook_subscriptions/s1");
        CHECK(account.rows.size() == 1);
        CHECK(account.posts == 1);
      }
    }
  }
}

TEST_CASE("a lost answer to a create that did not work leads to one more try") {
  for (const auto& [name, outcome] : lost_answers) {
    INFO(name);
    Account account;
    account.works_when_faulty = false;
    account.fault = [&](int post) { return post <= 2 ? std::optional(outcome) : std::nullopt; };
    CHECK(account.client().create(hook).uri == "https://api.test/webhook_subscriptions/s1");
    CHECK(account.rows.size() == 1);
    CHECK(account.posts == 3);
    CHECK(account.lists == 2);
  }
}

TEST_CASE("what was not sent is sent again without a look") {
  Account account;
  account.works_when_faulty = false;
  account.fault = [](int post) -> std::optional<http::Outcome> {
    if (post == 1) return http::Failure{Reason::connect, false, "refused"};
    if (post == 2) return http::Failure{Reason::resolve, false, "no such host"};
    if (post == 3) return json_answer(429, "{}", {{"Retry-After", "1"}});
    return std::nullopt;
  };
  CHECK(account.client().create(hook).uri == "https://api.test/webhook_subscriptions/s1");
  CHECK(account.posts == 4);
  CHECK(account.lists == 0);
}

TEST_CASE("what cannot be mended ends after the tries, having looked each time") {
  for (const int retries : {0, 2}) {
    Account account;
    account.works_when_faulty = false;
    account.fault = [](int) { return std::optional(http::Outcome(http::Failure{Reason::timeout, true, "timed out"})); };
    try {
      account.client(retries).create(hook);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind == ErrorKind::network);
      CHECK(error.hint.find("bookafy list") != std::string::npos);
    }
    CHECK(account.posts == retries + 1);
    CHECK(account.lists == retries + 1);
  }
}

TEST_CASE("an older, different or disabled subscription is not taken for ours") {
  struct Row {
    std::string name;
    std::function<void(Account&)> before;
    bool unique;
  };
  for (const auto& row : std::vector<Row>{
           {"older",
            [](Account& a) {
              a.add(hook.url, hook.events);
              a.time.pass(1h);
            },
            true},
           {"other events",
            [](Account& a) {
              a.time.pass(1s);
              a.add(hook.url, {"invitee.created"});
            },
            true},
           {"disabled",
            [](Account& a) {
              a.time.pass(1s);
              a.add(hook.url, hook.events, "disabled");
            },
            true},
       }) {
    INFO(row.name);
    Account account;
    row.before(account);
    account.works_when_faulty = false;
    account.fault = [](int post) -> std::optional<http::Outcome> {
      if (post == 1) return http::Failure{Reason::cut_off, true, "cut off"};
      return std::nullopt;
    };
    try {
      account.client().create(hook);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind == ErrorKind::conflict);
    }
    CHECK(account.rows.size() == 1);
  }
}

TEST_CASE("only a refusal of the one request that was sent proves that nothing was created") {
  const std::vector<http::Outcome> refusals{json_answer(400, "{}"),
                                            json_answer(401, "{}"),
                                            json_answer(403, "{}"),
                                            json_answer(404, "{}"),
                                            json_answer(409, "{}"),
                                            json_answer(429, "{}", {{"Retry-After", "500"}}),
                                            http::Failure{Reason::connect, false, "refused"}};
  for (const http::Outcome& refusal : refusals) {
    const auto* response = std::get_if<http::Response>(&refusal);
    INFO((response ? response->status : 0));
    Account refused;
    refused.works_when_faulty = false;
    refused.fault = [&](int) { return std::optional(refusal); };
    CHECK(certainty_of(refused.client(0).try_create(hook)) == Certainty::no);

    Account lost;  // whether or not it created something, which no list shows
    lost.works_when_faulty = false;
    lost.fault = [&](int post) { return post == 1 ? json_answer(502, "{}") : refusal; };
    CHECK(certainty_of(lost.client(1).try_create(hook)) == Certainty::unknown);

    Account blind;  // the search is what fails
    FakeTransport transport(blind.time, [&](const http::Request& request) {
      return request.method == "POST" ? json_answer(502, "{}") : refusal;
    });
    Client client(transport, {.base_url = "https://api.test",
                              .token = Secret("token-1"),
                              .retry = {.max_retries = 0},
                              .surroundings = blind.time.surroundings()});
    CHECK(certainty_of(client.try_create(hook)) == Certainty::unknown);
  }
  for (const auto& [name, outcome] : lost_answers) {
    INFO(name);
    Account account;
    account.works_when_faulty = false;
    account.fault = [&](int) { return std::optional(outcome); };
    CHECK(certainty_of(account.client(0).try_create(hook)) == Certainty::unknown);
    Account found;
    found.fault = account.fault;
    CHECK(std::holds_alternative<Recovered>(found.client(0).try_create(hook)));
  }
  Account redirected;
  redirected.works_when_faulty = false;
  redirected.fault = [](int) { return std::optional(http::Outcome(json_answer(303, "{}"))); };
  CHECK(certainty_of(redirected.client(0).try_create(hook)) == Certainty::unknown);
  Account answered;
  CHECK(std::holds_alternative<Created>(answered.client(0).try_create(hook)));
}

TEST_CASE("a jump of the local clock during a create does not hide its subscription") {
  for (const auto jump : {-24h, 24h}) {
    INFO(jump.count());
    Account account;
    account.fault = [&](int) {
      account.time.wall += jump;
      account.clock_ahead -= std::chrono::duration_cast<std::chrono::seconds>(jump);
      return std::optional(http::Outcome(json_answer(502, "{}")));
    };
    CHECK(std::holds_alternative<Recovered>(account.client(0).try_create(hook)));
  }
}

TEST_CASE("a conflict of a first try is a conflict, without a look") {
  Account account;
  account.add(hook.url, hook.events);
  try {
    account.client().create(hook);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind == ErrorKind::conflict);
  }
  CHECK(account.lists == 0);
}

TEST_CASE("a create waits as long as a busy server asks, or not at all") {
  Account account;
  account.works_when_faulty = false;
  account.fault = [](int post) -> std::optional<http::Outcome> {
    if (post == 1) return json_answer(503, "{}", {{"Retry-After", "17"}});
    return std::nullopt;
  };
  const auto begin = account.time.steady;
  account.client().create(hook);
  CHECK(account.time.steady - begin >= 17s);
  CHECK(account.time.steady - begin < 18s);

  Account busy;
  busy.works_when_faulty = false;
  busy.fault = [](int) { return std::optional(http::Outcome(json_answer(503, "{}", {{"Retry-After", "500"}}))); };
  try {
    busy.client().create(hook);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind == ErrorKind::rate_limited);
    CHECK(error.message.find("500 s") != std::string::npos);
  }
  CHECK(busy.posts == 1);
  CHECK(busy.time.steady - FakeTime().steady < 1s);
}

TEST_CASE("interrupted anywhere after the request went out, a create says what is uncertain") {
  for (const int wait : {1, 2}) {  // the POST's answer, the look's answer
    Account account;
    account.fault = [](int) { return std::optional(http::Outcome(json_answer(502, "{}"))); };
    account.transport.interrupt_at = wait;
    try {
      account.client().create(hook);
      FAIL("not interrupted");
    } catch (const http::Interrupted& interrupted) {
      INFO("at wait " << wait);
      CHECK(interrupted.signal == 2);
      CHECK(interrupted.account.find("may have been made") != std::string::npos);
    }
  }
}

TEST_CASE("interrupted before its request went out, a create has nothing to account for") {
  FakeTime time;
  FakeTransport transport(
      time, {json_answer(200, R"({"collection":[],"pagination":{}})",
                         {{"X-RateLimit-Limit", "1"}, {"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "60"}})});
  Client client(
      transport,
      {.base_url = "https://api.test", .token = Secret("token-1"), .retry = {}, .surroundings = time.surroundings()});
  client.list({}).next();
  transport.interrupt_at = 2;
  try {
    client.create(hook);
    FAIL("not interrupted");
  } catch (const http::Interrupted& interrupted) {
    CHECK(interrupted.account.empty());
    CHECK(transport.requests.size() == 1);
  }
}
