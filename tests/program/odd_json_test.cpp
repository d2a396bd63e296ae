// Whatever the grammar of RFC 8259 allows is received, stored and shown; what is no delivery is a clear 400.
#include <signal.h>

#include "bookafy/signature.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "program/canned_server.hpp"
#include "program/running.hpp"

using program::has;
using program::TemporaryFolder;

namespace {

/// A delivery, and what its invitee's name is in a table.
struct OddDelivery {
  std::string name;
  std::string body;
  std::string shown;
};

/// `rest` follows the name inside of `payload`.
std::string named(const std::string& id, const std::string& name, const std::string& rest = "") {
  return R"({"created_at":"2026-11-23T09:30:00.000000Z","event":"invitee.created","payload":{"uri":")" + id +
         R"(","name":)" + name + rest + "}}";
}

std::vector<OddDelivery> odd_deliveries() {
  const std::string deep(5000, '['), ends(5000, ']'), digits(400, '9');
  return {
      {"half a pair", named("a", R"("cut \ud83d")"), "cut \ufffd"},
      {"the other half", named("b", R"("\uDE00 cut")"), "\ufffd cut"},
      {"halves the wrong way round", named("c", R"("\ude00\ud83d")"), "\ufffd\ufffd"},
      {"half a pair in a name", named("d", R"("Ana")", R"(,"\ud83d":1)"), "Ana"},
      {"a number beyond doubles", named("e", R"("Ana")", R"(,"amount":1e400,"x":[-1E+999])"), "Ana"},
      {"a number of many digits", named("f", R"("Ana")", ",\"x\":" + digits), "Ana"},
      {"a repeated key", named("g", R"("Ana")", R"(,"name":"Bea")"), "Bea"},
      {"a repeated event", R"({"event":"x",)" + named("h", R"("Ana")").substr(1), "Ana"},
      {"a repeated payload", R"({"payload":null,)" + named("i", R"("Ana")").substr(1), "Ana"},
      {"a negative zero", named("j", R"("Ana")", R"(,"x":[-0,-0.0,1.10])"), "Ana"},
      {"a NUL", named("k", R"("Ana\u0000Bea")"), "Ana\\x00Bea"},
      {"all at once", named("l", R"("\u0000#1e5\ud83d")", R"(,"x":[1e400,"\ud83d\u0000","\ud83d\ude00"])"),
       "\\x00#1e5\ufffd"},
      {"deep nesting", named("m", R"("Ana")", ",\"x\":" + deep + ends), "Ana"},
      {"an odd uri", named(R"(\ud83d)", R"("Ana")"), "Ana"},
  };
}

struct Refused {
  std::string name;
  std::string body;
};

std::vector<Refused> refused_bodies() {
  const std::string good = named("a", R"("Ana")");
  return {
      {"a byte order mark", "\xef\xbb\xbf" + good},
      {"two deliveries", good + "\n" + named("b", R"("Bea")") + "\n"},
      {"no envelope", R"({"params":{},"body":{"data":{"event":{"name":"invitee.created"}}}})"},
      {"an event of the former API", R"({"time":"2018-01-21T20:31:49Z","event":"invitee.created","payload":{}})"},
      {"a number as key", R"({1e400:1,)" + good.substr(1)},
      {"a lone byte", named("c", "\"\xff\"")},
      {"an encoded surrogate", named("d", "\"\xed\xa0\xbd\"")},
      {"half a pair, cut off", R"({"event":"\ud83d)"},
  };
}

std::string sent_signature(const bookafy::Secret& key, const std::string& body) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return "Bookafy-Webhook-Signature: " + bookafy::signature_header(key, now, body) + "\r\n";
}

program::Outcome run_program(const TemporaryFolder& home, std::vector<std::string> arguments,
                             const std::string& api = "", const std::string& input = "") {
  program::Command command{{built::program}, program::poisoned_environment(home.path()), input, home.path()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment["BOOKAFY_TOKEN"] = "token-to-hide";
  if (!api.empty()) command.environment["BOOKAFY_API_URL"] = api;
  return program::run(command);
}

}  // namespace

TEST_CASE("odd JSON is received and printed as it came, with and without a store") {
  const bookafy::Secret key("bk_demo_signing_key_0001");
  for (const bool stores : {false, true}) {
    const TemporaryFolder home;
    std::vector<std::string> options{"--signing-key-file", home.write("key", "bk_demo_signing_key_0001")};
    if (stores) options.insert(options.end(), {"--store", home.path() / "store"});
    program::Listener listener(home.path(), options);
    std::string printed;
    for (const auto& [name, body, shown] : odd_deliveries()) {
      INFO(name);
      CHECK(program::Caller(listener.port()).post(body, sent_signature(key, body)) == 200);
      printed += body + "\n";
    }
    for (const auto& [name, body] : refused_bodies()) {
      INFO(name);
      CHECK(program::Caller(listener.port()).post(body, sent_signature(key, body)) == 400);
    }
    const std::string compressed = named("n", R"("Ana")");
    CHECK(program::Caller(listener.port())
              .post(compressed, sent_signature(key, compressed) + "Content-Encoding: gzip\r\n") == 415);
    listener.wait_for_error("415 The body has the content coding gzip");
    listener.wait_for_error("400 the body is no delivery: begins with a byte order mark");
    listener.wait_for_error("400 the body is no delivery: it has no created_at");
    listener.send(SIGTERM);
    CHECK(listener.wait() == 143);
    CHECK(listener.output() == printed);
    if (!stores) continue;
    const auto csv =
        run_program(home, {"deliveries", "--store", "store", "-o", "csv", "--fields", "body.payload.name"});
    const auto table = run_program(home, {"deliveries", "--store", "store", "--fields", "body.payload.name"});
    CHECK(csv.status == 0);
    for (const auto& [name, body, shown] : odd_deliveries()) {
      if (name == "deep nesting") continue;  // shown as text
      INFO(name);
      CHECK(has(table.out, shown));
    }
    CHECK(has(csv.out, "\r\ncut \ufffd\r\n"));
    const auto json = run_program(home, {"deliveries", "--store", "store", "-o", "jsonl"});
    for (const std::string part : {R"("name":"cut \ud83d")", R"("amount":1e400,"x":[-1E+999])", R"([-0,-0.0,1.10])"})
      CHECK(has(json.out, part));
  }
}

TEST_CASE("an odd row of the API costs neither the others nor the page") {
  const TemporaryFolder home;
  const std::string rows =
      R"({"uri":"https://x/users/a","callback_url":"https://h.example/\ud83d","n":1e400},)"
      R"({"uri":"https://x/users/b","callback_url":"https://h.example/b","callback_url":"last","n":-0})";
  const program::CannedServer list({program::http_answer(
      200, R"({"collection":[)" + rows + R"(],"pagination":{"next_page":null,"next_page_token":null}})")});
  const auto jsonl =
      run_program(home, {"list", "--scope", "organization", "--organization", "o", "-o", "jsonl"}, list.url());
  INFO(jsonl.err);
  CHECK(jsonl.status == 0);
  CHECK(jsonl.out == R"({"uri":"https://x/users/a","callback_url":"https://h.example/\ud83d","n":1e400})"
                     "\n"
                     R"({"uri":"https://x/users/b","callback_url":"last","n":-0})"
                     "\n");
}

TEST_CASE("a row that is no object is an error after all others") {
  const TemporaryFolder home;
  const program::CannedServer pages(
      {program::http_answer(
           200, R"({"collection":[1,{"uri":"a"}],"pagination":{"next_page":"/x?page_token=t","next_page_token":"t"}})"),
       program::http_answer(200, R"({"collection":[{"uri":"b"}],"pagination":{"next_page":null}})")});
  const auto outcome =
      run_program(home, {"list", "--scope", "organization", "--organization", "o", "-o", "uri"}, pages.url());
  INFO(outcome.err);
  CHECK(outcome.status == 9);
  CHECK(outcome.out == "a\nb\n");
  CHECK(has(outcome.err, "a row of the server's collection is not an object"));
}
