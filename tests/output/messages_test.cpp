#include "output/messages.hpp"

#include "api/codec.hpp"
#include "catch.hpp"
#include "output/string_writer.hpp"

using namespace bookafy;
using namespace bookafy::output;

namespace {

std::string told(const Error& error, Format format = Format::table, bool color = false) {
  StringWriter err;
  Messages(err, /*quiet=*/true, color, format).error(error);
  CHECK(err.flushes >= 1);
  return err.text;
}

Error refused() {
  Error error(ErrorKind::forbidden, "You do not have permission to access this resource.");
  error.attempted = "cannot create the subscription";
  error.status = 403;
  error.title = "Permission Denied";
  error.request_id = "5f0c2c3e";
  error.hint = "members can subscribe with --scope user only";
  return error;
}

Error invalid() {
  Error error(ErrorKind::usage, "The supplied parameters are invalid.");
  error.attempted = "cannot list";
  error.status = 400;
  error.title = "Invalid Argument";
  error.details = {{"organization", "is missing", ""}, {"", "odd", ""}, {"email", "must be filled", "blank"}};
  return error;
}

Error out_of_scope() {
  Error error(ErrorKind::forbidden, "This operation requires the scopes listed in the 'required_scopes' array.");
  error.status = 403;
  error.title = "Insufficient scope";
  error.required_scopes = {"webhooks:write", "scheduled_events:read"};
  return error;
}

Error unreachable() {
  Error error(ErrorKind::network, "connection refused");
  error.attempted = "cannot reach http://127.0.0.1:1";
  return error;
}

Error untitled() {
  Error error(ErrorKind::server, "");
  error.status = 502;
  return error;
}

}  // namespace

TEST_CASE("errors as people read them", "[output][messages]") {
  struct Case {
    Error error;
    std::string text;
  };
  auto c = GENERATE(values<Case>({
      {refused(),
       "bookafy: error: cannot create the subscription: 403 Permission Denied: You do not have permission to access "
       "this resource.\n"
       "  hint: members can subscribe with --scope user only\n"
       "  request id: 5f0c2c3e\n"},
      {invalid(),
       "bookafy: error: cannot list: 400 Invalid Argument: The supplied parameters are invalid.\n"
       "  organization: is missing\n"
       "  odd\n"
       "  email: must be filled\n"},
      {out_of_scope(),
       "bookafy: error: 403 Insufficient scope: This operation requires the scopes listed in the 'required_scopes' "
       "array.\n"
       "  required scopes: webhooks:write, scheduled_events:read\n"},
      {unreachable(), "bookafy: error: cannot reach http://127.0.0.1:1: connection refused\n"},
      {untitled(), "bookafy: error: 502\n"},
      {Error(ErrorKind::usage, "--limit wants a number"), "bookafy: error: --limit wants a number\n"},
  }));
  CHECK(told(c.error) == c.text);
  CHECK(told(c.error, Format::csv) == c.text);
}

TEST_CASE("errors as programs read them", "[output][messages]") {
  struct Case {
    Error error;
    std::string json;
  };
  auto c = GENERATE(values<Case>({
      {refused(),
       R"({"error":{"kind":"forbidden","exit_code":4,"status":403,"title":"Permission Denied",)"
       R"("message":"You do not have permission to access this resource.","request_id":"5f0c2c3e",)"
       R"("hint":"members can subscribe with --scope user only","attempted":"cannot create the subscription"}})"},
      {invalid(),
       R"({"error":{"kind":"usage","exit_code":2,"status":400,"title":"Invalid Argument",)"
       R"("message":"The supplied parameters are invalid.","details":[{"parameter":"organization",)"
       R"("message":"is missing"},{"message":"odd"},{"parameter":"email","message":"must be filled","code":"blank"}],)"
       R"("attempted":"cannot list"}})"},
      {out_of_scope(), R"({"error":{"kind":"forbidden","exit_code":4,"status":403,"title":"Insufficient scope",)"
                       R"("message":"This operation requires the scopes listed in the 'required_scopes' array.",)"
                       R"("required_scopes":["webhooks:write","scheduled_events:read"]}})"},
      {unreachable(), R"({"error":{"kind":"network","exit_code":8,"message":"connection refused",)"
                      R"("attempted":"cannot reach http://127.0.0.1:1"}})"},
      {untitled(), R"({"error":{"kind":"server","exit_code":9,"status":502}})"},
  }));
  CHECK(told(c.error, Format::json) == c.json + "\n");
  CHECK(told(c.error, Format::jsonl, /*color=*/true) == c.json + "\n");
}

TEST_CASE("strangers' text in an error is escaped", "[output][messages]") {
  Error error(ErrorKind::server, "line\nbookafy: error: forged \x1b[2J\u202e\xff");
  error.title = "\u009b";
  error.details = {{"a\nb", "c\td", ""}};
  error.required_scopes = {"s\r"};
  error.hint = "h\x07";
  error.request_id = "r\u2028";
  CHECK(told(error) ==
        "bookafy: error: \\u009b: line\\nbookafy: error: forged \\x1b[2J\\u202e\\xff\n  a\\nb: c\\td\n"
        "  required scopes: s\\r\n  hint: h\\x07\n  request id: r\\u2028\n");
  const std::string json = told(error, Format::json);
  CHECK(json.find('\n') == json.size() - 1);
  CHECK(json.find('\x1b') == std::string::npos);
  CHECK(codec::decode(json).at_path("error.message")->string()->ends_with("forged \x1b[2J\u202e\ufffd"));
}

TEST_CASE("quiet silences notes and warnings, not errors", "[output][messages]") {
  StringWriter err;
  Messages loud(err, false, false, Format::json);
  loud.note("healthy: 3 subscriptions");
  loud.warning("plain http\n");
  loud.trace("> GET /users/me\x1b");
  CHECK(err.text == "bookafy: healthy: 3 subscriptions\nbookafy: warning: plain http\\n\n> GET /users/me\\x1b\n");
  CHECK(err.flushes == 3);
  StringWriter still;
  Messages quiet(still, true, false, Format::table);
  quiet.note("x");
  quiet.warning("x");
  CHECK(still.text.empty());
  quiet.error(Error(ErrorKind::internal, "x"));
  quiet.trace("y");
  CHECK(still.text == "bookafy: error: x\ny\n");
}

TEST_CASE("color marks the beginning of warnings and errors", "[output][messages]") {
  StringWriter err;
  Messages messages(err, false, true, Format::table);
  messages.note("n");
  messages.warning("w");
  messages.error(unreachable());
  CHECK(err.text ==
        "bookafy: n\n\x1b[33mbookafy: warning: \x1b[0mw\n\x1b[1;31mbookafy: error: \x1b[0mcannot reach "
        "http://127.0.0.1:1: connection refused\n");
}

TEST_CASE("secrets never leave", "[output][messages]") {
  const Format format = GENERATE(Format::table, Format::json);
  StringWriter err;
  Messages messages(err, false, false, format);
  messages.add_secret(Secret("tok"));
  messages.add_secret(Secret(""));
  messages.add_secret(Secret("eyJabc"));
  messages.add_secret(Secret("eyJabc.def\"\xff"));
  messages.note("a eyJabc and eyJabc.def\"\xff, eyJabceyJabc; tok stays");
  CHECK(err.text == "bookafy: a *** and ***, ******; tok stays\n");
  err.text.clear();
  Error error(ErrorKind::server, "1 eyJabc.def\"\xff");
  error.attempted = "2 eyJabc";
  error.title = "3 eyJabc";
  error.hint = "4 eyJabc";
  error.request_id = "5 eyJabc";
  error.details = {{"6 eyJabc", "7 eyJabc", "8 eyJabc"}};
  error.required_scopes = {"9 eyJabc"};
  messages.error(error);
  messages.warning("10 eyJabc");
  messages.trace("< x-echo: eyJabc");
  CHECK(err.text.find("eyJ") == std::string::npos);
  CHECK(err.text.find("def") == std::string::npos);
  for (const char* kept : {"1 ***", "2 ***", "3 ***", "4 ***", "5 ***", "6 ***", "7 ***", "9 ***", "10 ***"})
    CHECK(err.text.find(kept) != std::string::npos);
}

TEST_CASE("the user and password of a URL never leave", "[output][messages]") {
  struct Row {
    std::string text;
    std::string shown;
  };
  const auto row = GENERATE(Row{"--url https://u:p@h.example/ is bad", "--url https://***@h.example/ is bad"},
                            Row{"https://u:p@x@h.example", "https://***@h.example"},
                            Row{"https://h.example/a@b and http://@x", "https://h.example/a@b and http://***@x"},
                            Row{"see ana@example.org, https://h.example", "see ana@example.org, https://h.example"});
  StringWriter err;
  CHECK(Messages(err, false, false, Format::table).masked(row.text) == row.shown);
}

TEST_CASE("a secret of stars does not mask for ever", "[output][messages]") {
  StringWriter err;
  Messages messages(err, false, false, Format::table);
  messages.add_secret(Secret("****"));
  CHECK(messages.masked("********* *") == "******* *");
}

TEST_CASE("standard error that cannot be written is no error", "[output][messages]") {
  FileWriter closed(-1);
  Messages messages(closed, false, false, Format::table);
  CHECK_NOTHROW(messages.note("x"));
  CHECK_NOTHROW(messages.error(refused()));
}
