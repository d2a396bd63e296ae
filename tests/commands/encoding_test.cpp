// Bytes that are not UTF-8 never reach the API as other text, wherever they come from.
#include "api/codec.hpp"
#include "bookafy/error.hpp"
#include "catch.hpp"
#include "commands/in_process.hpp"
#include "program/process.hpp"
#include "system/file.hpp"

using bookafy::InProcess;
using bookafy::Value;

namespace {

const std::string raw = "key-\xff\xfe-bytes";

}  // namespace

TEST_CASE("a signing key that is not UTF-8 is refused before a request is sent") {
  const program::TemporaryFolder folder;
  const std::string key = folder.write("key", raw);
  const std::string plan =
      folder.write("plan.yaml",
                   "subscriptions:\n  - url: https://hooks.example.org/a\n    events: [invitee.created]\n"
                   "    signing_key: {file: key}\n");
  InProcess program;
  const std::vector<std::string> create{"create", "--url", "https://hooks.example.org/a", "-e", "invitee.created"};
  for (const std::string& source : {key, std::string("-")}) {
    auto words = create;
    words.insert(words.end(), {"--signing-key-file", source});
    const auto created = program.run(words, raw);
    CHECK(created.status == 2);
    CHECK(program::has(created.err, "is not valid UTF-8"));
    CHECK(created.sent.empty());
    const auto replaced = program.run({"replace", "0123456789abcdef", "--signing-key-file", source}, raw);
    CHECK(replaced.status == 2);
    CHECK(program::has(replaced.err, "is not valid UTF-8"));
    CHECK(replaced.sent.empty());
  }
  const auto applied = program.run({"apply", plan, "--yes"});
  CHECK(applied.status == 2);
  CHECK(program::has(applied.err, "is not valid UTF-8"));
  CHECK(applied.sent.empty());
}

TEST_CASE("a body that is not UTF-8 is refused before a request is sent") {
  InProcess program;
  const auto sent = program.run({"api", "POST", "/webhook_subscriptions", "--input", "-"}, "{\"url\":\"\xff\"}");
  CHECK(sent.status == 2);
  CHECK(program::has(sent.err, "is not valid UTF-8"));
  CHECK(sent.sent.empty());
}

TEST_CASE("the encoder of requests replaces nothing") {
  CHECK(bookafy::codec::encode_request(Value::Object{{"a", "\xc3\xa4"}}) == "{\"a\":\"\xc3\xa4\"}");
  for (const Value& value : {Value(raw), Value(Value::Array{raw}), Value(Value::Object{{"a", Value::Array{raw}}}),
                             Value(Value::Object{{raw, "a"}})}) {
    const auto error = bookafy::error_of([&] { bookafy::codec::encode_request(value); });
    REQUIRE(error);
    CHECK(error->kind == bookafy::ErrorKind::usage);
  }
}

TEST_CASE("a secret loses a byte order mark and one line end, and no more") {
  const auto text_of = [](const std::string& text) { return std::string(bookafy::system::to_secret(text).reveal()); };
  CHECK(text_of("\xef\xbb\xbfkey\r\n") == "key");
  CHECK(text_of("key\n") == "key");
  CHECK(text_of("key\r") == "key\r");
  CHECK(text_of("key\n\n") == "key\n");
  CHECK(text_of("\xef\xbb\xbf\xef\xbb\xbfkey") == "\xef\xbb\xbfkey");
  CHECK(text_of("\n") == "");
  CHECK(bookafy::system::encoding_problem(bookafy::Secret("\xff\xfe"
                                                          "k")) == "is UTF-16, not UTF-8");
  CHECK(bookafy::system::encoding_problem(bookafy::Secret(raw)) == "");
}
