// From what came back to what it means.
#include "api/answer.hpp"

#include "catch.hpp"
#include "net/fake_transport.hpp"

using namespace bookafy;

TEST_CASE("what() of an error is its message, however the message came to be") {
  Error error(ErrorKind::server, "first");
  CHECK(std::string(error.what()) == "first");
  error.message = "changed";
  CHECK(std::string(error.what()) == "changed");
  error.message.clear();
  error.title = "Title";
  CHECK(std::string(error.what()) == "Title");
  try {
    net::Answer refused;
    refused.outcome = json_answer(500, R"({"message":"Oops"})");
    expect_success(refused, "");
    FAIL("no error");
  } catch (const std::exception& failure) {
    CHECK(std::string(failure.what()) == "Oops");
  }
}
using namespace std::chrono_literals;

namespace {

net::Answer answered(http::Outcome outcome) { return {std::move(outcome), false, {}}; }

Error error_of(net::Answer answer) {
  try {
    expect_resource(std::move(answer), "cannot read it");
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error");
  throw std::logic_error("unreachable");
}

const std::string refusal =
    R"({"details":[{"message":"is missing","parameter":"organization"},{"code":"c","message":"m"},7],"message":"The supplied parameters are invalid.","title":"Invalid Argument"})";

}  // namespace

TEST_CASE("each status has its kind and its exit status") {
  struct Row {
    int status;
    ErrorKind kind;
    int exit_code;
  };
  for (const auto& [status, kind, code] : std::vector<Row>{{400, ErrorKind::usage, 2},
                                                           {401, ErrorKind::unauthenticated, 3},
                                                           {403, ErrorKind::forbidden, 4},
                                                           {404, ErrorKind::not_found, 5},
                                                           {409, ErrorKind::conflict, 6},
                                                           {429, ErrorKind::rate_limited, 7},
                                                           {100, ErrorKind::server, 9},
                                                           {301, ErrorKind::server, 9},
                                                           {408, ErrorKind::server, 9},
                                                           {418, ErrorKind::server, 9},
                                                           {500, ErrorKind::server, 9},
                                                           {503, ErrorKind::server, 9},
                                                           {520, ErrorKind::server, 9},
                                                           {0, ErrorKind::server, 9},
                                                           {-1, ErrorKind::server, 9}}) {
    INFO(status);
    const Error error = error_of(answered(json_answer(status, R"({"title":"T","message":"M"})")));
    CHECK(error.kind == kind);
    CHECK(exit_code(error.kind) == code);
    CHECK(error.status == status);
    CHECK(error.title == "T");
    CHECK(error.message == "M");
    CHECK(error.attempted == "cannot read it");
  }
}

TEST_CASE("what an error body says is kept, whatever its shape") {
  const Error error = error_of(answered(json_answer(400, refusal, {{"X-Request-ID", "id-1"}})));
  CHECK(error.request_id == "id-1");
  REQUIRE(error.details.size() == 3);
  CHECK(error.details[0].parameter == "organization");
  CHECK(error.details[0].message == "is missing");
  CHECK(error.details[1].code == "c");

  const Error scope = error_of(answered(json_answer(
      403, R"({"title":"Insufficient scope","message":"m","required_scopes":["webhooks:write",5,"users:read"]})")));
  CHECK(scope.required_scopes == std::vector<std::string>{"webhooks:write", "users:read"});
  CHECK(scope.hint.find("webhooks:write, users:read") != std::string::npos);

  for (const std::string body :
       {"{}", "[]", "null", "5", "\"text\"", R"({"title":5,"message":[],"details":{},"required_scopes":"x"})"}) {
    INFO(body);
    const Error bare = error_of(answered(json_answer(404, body)));
    CHECK(bare.kind == ErrorKind::not_found);
    CHECK(!bare.message.empty());
  }
}

TEST_CASE("bodies that are no JSON are named and never quoted") {
  struct Row {
    std::string type, body, named;
  };
  for (const auto& [type, body, named] : std::vector<Row>{
           {"text/html; charset=utf-8", "<html><title>secret</title>", "HTML page"},
           {"TEXT/HTML", "secret", "HTML page"},
           {"", "<!doctype html>secret", "HTML page"},
           {"application/octet-stream", "\n <HTML>secret", "HTML page"},
           {"text/plain", "secret", "of type text/plain"},
           {"", "secret", "without a content type"},
           {"text/html", "", "empty answer"},
           {"application/json", "", "empty answer"},
           {"application/json", "{\"secret\":", "not valid JSON"},
           {"Token-In-It", "secret", "of type Token-In-It"},  // as it came, so that it is masked
           {"x/" + std::string(100'000, 'y'), "secret", "of an endless type"},
       }) {
    for (const int status : {200, 502}) {
      INFO(status << " " << type.substr(0, 40) << ": " << body);
      const Error error =
          error_of(answered(http::Response{status, {{"Content-Type", type}, {"x-request-id", "id-1"}}, body}));
      CHECK(error.kind == ErrorKind::server);
      CHECK(error.status == status);
      CHECK(error.request_id == "id-1");
      INFO(error.message.substr(0, 300));
      CHECK(error.message.find(named) != std::string::npos);
      CHECK(error.message.find("secret") == std::string::npos);
      CHECK(error.message.size() < 300);
    }
  }
}

TEST_CASE("texts of a server have an end") {
  const std::string long_text(1'000'000, 'x');
  std::string details;
  for (int i = 0; i < 10'000; ++i) details += R"({"parameter":"p","message":"m"},)";
  const Error error = error_of(answered(json_answer(
      400, R"({"title":")" + long_text + R"(","message":")" + long_text + R"(","details":[)" + details + "null]}",
      {{"X-Request-Id", long_text}})));
  CHECK(error.title.size() < 5000);
  CHECK(error.message.size() < 5000);
  CHECK(error.request_id.size() < 5000);
  CHECK(error.details.size() <= 100);

  // Half a token would not be masked.
  const std::string words = std::string(1990, 'x') + " token-to-hide ";
  CHECK(error_of(answered(json_answer(400, R"({"message":")" + words + long_text + "\"}"))).message ==
        std::string(1990, 'x') + "...");
}

TEST_CASE("a success must have the promised shape") {
  struct Row {
    std::string type, body;
  };
  for (const auto& [type, body] : std::vector<Row>{
           {"application/json", "{}"},
           {"application/json", "[]"},
           {"application/json", "null"},
           {"application/json", R"({"resource":null})"},
           {"application/json", R"({"resource":[]})"},
           {"application/json", R"({"resource":"x"})"},
           {"application/json", "\xef\xbb\xbf{\"resource\":{}}"},
           {"text/plain", R"({"resource":{}})"},
           {"", R"({"resource":{}})"},
       }) {
    INFO(type << " " << body);
    const Error error = error_of(answered(http::Response{200, {{"Content-Type", type}, {"x-request-id", "r"}}, body}));
    CHECK(error.kind == ErrorKind::server);
    CHECK(error.request_id == "r");
  }
  for (const std::string type :
       {"application/json", "application/json; charset=utf-8", "Application/JSON", "application/problem+json"}) {
    INFO(type);
    CHECK(expect_resource(answered(http::Response{200, {{"content-type", type}}, R"({"resource":{"a":1}})"}), "x") ==
          Value(Value::Object{{"a", 1}}));
  }
}

TEST_CASE("a failure is of the network, or of the server when it answered nonsense") {
  using Reason = http::Failure::Reason;
  struct Row {
    Reason reason;
    ErrorKind kind;
    std::string hint;
  };
  for (const auto& [reason, kind, hint] : std::vector<Row>{{Reason::resolve, ErrorKind::network, ""},
                                                           {Reason::connect, ErrorKind::network, ""},
                                                           {Reason::tls, ErrorKind::network, "--ca-file"},
                                                           {Reason::timeout, ErrorKind::network, "--timeout"},
                                                           {Reason::cut_off, ErrorKind::network, ""},
                                                           {Reason::too_large, ErrorKind::server, ""},
                                                           {Reason::malformed, ErrorKind::server, ""}}) {
    const Error error = error_of(answered(http::Failure{reason, true, "what happened"}));
    CHECK(error.kind == kind);
    CHECK(error.message == "what happened");
    CHECK(error.hint.find(hint) != std::string::npos);
    CHECK(error.hint.empty() == hint.empty());
  }
}

TEST_CASE("a wait that was not begun says how long it would be") {
  net::Answer limited = answered(json_answer(429, R"({"title":"Too Many Requests"})", {{"x-request-id", "r"}}));
  limited.refused_wait = 300'001ms;
  const Error error = error_of(std::move(limited));
  CHECK(error.kind == ErrorKind::rate_limited);
  CHECK(error.status == 429);
  CHECK(error.request_id == "r");
  CHECK(error.message.find("301 s") != std::string::npos);

  net::Answer busy = answered(json_answer(503, "{}"));
  busy.refused_wait = 3600s;
  CHECK(error_of(std::move(busy)).kind == ErrorKind::rate_limited);

  net::Answer waiting = answered(http::Failure{});
  waiting.refused_wait = 121s;
  CHECK(error_of(std::move(waiting)).kind == ErrorKind::rate_limited);
}

TEST_CASE("a redirect is an error that says what to do") {
  const Error error = error_of(answered(http::Response{302, {{"Location", "https://evil.example.org/"}}, {}}));
  CHECK(error.kind == ErrorKind::server);
  CHECK(error.hint.find("--api-url") != std::string::npos);
}
