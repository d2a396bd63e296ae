// Lists, page by page, from a server that may mean harm.
#include "bookafy/client.hpp"
#include "catch.hpp"
#include "net/fake_transport.hpp"

using namespace bookafy;

TEST_CASE("what an abandoned list has asked for is stopped, whichever of list and client ends first") {
  const auto page = json_answer(200, R"({"collection":[{}],"pagination":{"next_page_token":"t"}})");
  for (const bool client_first : {true, false}) {
    INFO(client_first);
    FakeTime time;
    FakeTransport transport(time, {page});
    auto client = std::make_unique<Client>(
        transport,
        ClientOptions{
            .base_url = "https://api.test", .token = Secret("t"), .retry = {}, .surroundings = time.surroundings()});
    auto pages = std::make_optional(client->list({}));
    CHECK(pages->next());
    CHECK(transport.requests.size() == 2);  // the second is ahead
    if (client_first) {
      client.reset();
      CHECK(transport.canceled.size() == 1);
      CHECK_THROWS_AS(pages->next(), Error);
      pages.reset();
    } else {
      pages.reset();
      CHECK(transport.canceled.size() == 1);
      CHECK(client->list({}).next());
      client.reset();
    }
    CHECK(transport.wait(time.steady).empty());
  }
}

TEST_CASE("a client cannot be limited to no requests") {
  FakeTime time;
  FakeTransport transport(time, {json_answer(200, "{}")});
  Client client(
      transport,
      {.base_url = "https://api.test", .token = Secret("t"), .retry = {}, .surroundings = time.surroundings()});
  for (const int jobs : {0, -1}) CHECK_THROWS_AS(client.limit_jobs(jobs), Error);
  client.limit_jobs(1);
}

namespace {

struct Listing {
  explicit Listing(FakeTransport::Answer answer) : transport(time, std::move(answer)) {}
  explicit Listing(std::vector<http::Outcome> answers) : transport(time, std::move(answers)) {}

  /// The rows' names, and what ended the list.
  std::string read(bool refusal_is_empty = false) {
    Client client(transport, {.base_url = "https://api.test",
                              .token = Secret("token-1"),
                              .retry = {.max_retries = 0},
                              .surroundings = time.surroundings()});
    ListQuery query;
    query.organization = "o";
    query.user = "u";
    query.refusal_is_empty = refusal_is_empty;
    Pages pages = client.list(query);
    std::string names;
    try {
      while (auto page = pages.next())
        for (const Value& row : *page) names += row.text_at("n");
    } catch (const Error& error) {
      kind = error.kind;
      message = error.message;
      request_id = error.request_id;
    }
    return names;
  }

  FakeTime time;
  FakeTransport transport;
  std::optional<ErrorKind> kind{};
  std::string message{};
  std::string request_id{};
};

http::Response page(const std::string& rows, const std::string& pagination) {
  return json_answer(200, R"({"collection":[)" + rows + R"(],"pagination":)" + pagination + "}",
                     {{"X-Request-Id", "r"}});
}

const std::string last = R"({"count":1,"next_page":null,"next_page_token":null})";

std::string next(const std::string& url, const std::string& token) {
  return R"({"count":1,"next_page":")" + url + R"(","next_page_token":)" + token + "}";
}

}  // namespace

TEST_CASE("pages are followed by token, at our own address, with the same query") {
  for (const auto& [url, token] : std::vector<std::pair<std::string, std::string>>{
           {"https://api.test/webhook_subscriptions?count=1&page_token=t%2B1", R"("t+1")"},
           {"https://evil.test/steal?page_token=t%2B1", R"("t+1")"},
           {"https://evil.test/steal?page_token=t%2B1", "null"},
           {"//evil.test/steal?a=b&page_token=t%2B1", "null"},
       }) {
    INFO(url);
    Listing listing({page(R"({"n":"a"})", next(url, token)), page(R"({"n":"b"})", last)});
    CHECK(listing.read() == "ab");
    CHECK(!listing.kind);
    REQUIRE(listing.transport.requests.size() == 2);
    const auto& [first, second] = std::pair(listing.transport.requests[0], listing.transport.requests[1]);
    CHECK(first.url.starts_with("https://api.test/webhook_subscriptions?organization=o&"));
    CHECK(second.url == first.url + "&page_token=t%2B1");
    CHECK(http::header(second.headers, "Authorization") == "Bearer token-1");
  }
}

TEST_CASE("a page without the promised shape is an error after what came before, never an end") {
  for (const auto& body : std::vector<std::string>{
           R"({})",
           R"([])",
           R"({"collection":[]})",
           R"({"pagination":)" + last + "}",
           R"({"collection":null,"pagination":)" + last + "}",
           R"({"collection":{},"pagination":)" + last + "}",
           R"({"collection":[1],"pagination":)" + last + "}",
           R"({"collection":[{},null],"pagination":)" + last + "}",
           R"({"collection":[],"pagination":null})",
           R"({"collection":[],"pagination":[]})",
           R"({"collection":[{}],"pagination":{"next_page":"https://api.test/x","next_page_token":null}})",
           R"({"collection":[{}],"pagination":{"next_page":"?page_token=","next_page_token":""}})",
           R"({"collection":[{}],"pagination":{"next_page":null,"next_page_token":5}})",
           R"({"collection":[{}],"pagination":{"next_page":{"href":"x"},"next_page_token":null}})",
           R"({"collection":[{}],"pagination":{"next_page":true}})",
       }) {
    INFO(body);
    Listing listing({page(R"({"n":"a"})", next("", R"("t")")), json_answer(200, body, {{"X-Request-Id", "r"}})});
    CHECK(listing.read() == "a");
    REQUIRE(listing.kind);
    CHECK(*listing.kind == ErrorKind::server);
    CHECK(listing.request_id == "r");
  }
}

TEST_CASE("a list ends where the server says so") {
  for (const std::string& pagination :
       std::vector<std::string>{last, "{}", R"({"next_page":"","next_page_token":""})", R"({"count":-5})"}) {
    INFO(pagination);
    Listing listing({page(R"({"n":"a"})", pagination)});
    CHECK(listing.read() == "a");
    CHECK(!listing.kind);
    CHECK(listing.transport.requests.size() == 1);
  }
}

TEST_CASE("pages that go round in a circle are found out") {
  for (const int length : {1, 2, 7}) {
    int asked = 0;
    Listing listing([&](const http::Request&) -> http::Outcome {
      return page(R"({"n":"x"})", next("", "\"" + std::to_string(asked++ % length) + "\""));
    });
    listing.read();
    CHECK(listing.kind == ErrorKind::server);
    CHECK(listing.message.find("circle") != std::string::npos);
    CHECK(asked <= length + 2);
  }
}

TEST_CASE("empty pages without end are found out") {
  int asked = 0;
  Listing listing(
      [&](const http::Request&) -> http::Outcome { return page("", next("", "\"" + std::to_string(asked++) + "\"")); });
  CHECK(listing.read().empty());
  CHECK(listing.kind == ErrorKind::server);
  CHECK(asked < 1000);

  // A few in between are a server's right.
  asked = 0;
  Listing sparse([&](const http::Request&) -> http::Outcome {
    ++asked;
    if (asked == 40) return page(R"({"n":"z"})", last);
    return page(asked % 10 == 0 ? R"({"n":"x"})" : "", next("", "\"" + std::to_string(asked) + "\""));
  });
  CHECK(sparse.read() == "xxxz");
  CHECK(!sparse.kind);
}

TEST_CASE("a refused part reads as empty only where that was asked for, and only for the role") {
  const auto role = json_answer(403, R"({"title":"Permission Denied","message":"m"})");
  const auto scope = json_answer(403, R"({"title":"t","message":"m","required_scopes":["webhooks:read"]})");
  const http::Response page_of_a_firewall{403, {{"Content-Type", "text/html"}}, "<html>Forbidden</html>"};
  struct Row {
    http::Response answer;
    bool refusal_is_empty;
    std::optional<ErrorKind> kind;
  };
  for (const auto& row : std::vector<Row>{{role, true, {}},
                                          {role, false, ErrorKind::forbidden},
                                          {scope, true, ErrorKind::forbidden},
                                          {page_of_a_firewall, true, ErrorKind::forbidden},
                                          {json_answer(403, "{}"), true, ErrorKind::forbidden},
                                          {json_answer(401, "{}"), true, ErrorKind::unauthenticated},
                                          {json_answer(404, "{}"), true, ErrorKind::not_found},
                                          {json_answer(500, "{}"), true, ErrorKind::server}}) {
    Listing listing({row.answer});
    CHECK(listing.read(row.refusal_is_empty).empty());
    CHECK(listing.kind == row.kind);
  }
}
