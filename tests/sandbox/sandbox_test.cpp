// The whole sandbox on a socket.
#include "sandbox/sandbox.hpp"

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "sandbox/folder.hpp"
#include "sandbox/query.hpp"
#include "sandbox/raw_client.hpp"

using namespace bookafy;
using namespace bookafy::sandbox;
using server::RawClient;

namespace {

int port_of(const Sandbox& sandbox) { return std::stoi(sandbox.base_url().substr(sandbox.base_url().rfind(':') + 1)); }

std::string ask_for(std::string_view token, const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(token) + "\r\n\r\n";
}

}  // namespace

TEST_CASE("it serves every token it tells of, under its own URL") {
  const Sandbox sandbox({.port = 0});
  CHECK(sandbox.base_url().starts_with("http://127.0.0.1:"));
  RawClient client(port_of(sandbox));
  REQUIRE(!sandbox.tokens().empty());
  CHECK(sandbox.tokens().front().text == "sandbox-owner");
  for (const Token& token : sandbox.tokens()) {
    CAPTURE(token.text);
    CHECK(!token.role.empty());
    client.send(ask_for(token.text, "/users/me"));
    const std::string answer = client.receive();
    if (allows(token, "users:read"))
      CHECK(answer.find("\"uri\":\"" + sandbox.base_url() + std::string(token.user) + '"') != std::string::npos);
    else
      CHECK(answer.starts_with("HTTP/1.1 403"));
  }
}

TEST_CASE("answers wait for the latency side by side, and none is lost at the end") {
  std::vector<RawClient> clients;
  {
    const Sandbox sandbox({.port = 0, .latency = std::chrono::hours(1)});
    for (int i = 0; i < 10; ++i) {
      clients.emplace_back(port_of(sandbox));
      clients.back().send(ask_for("sandbox-owner", "/users/me"));
    }
    // The end must find the requests whole, not on their way: one more that is refused without any waiting proves it.
    RawClient last(port_of(sandbox));
    last.send("GET / HTTP/1.1\r\n\r\n");
    CHECK(last.status() == 400);
  }
  for (RawClient& client : clients) CHECK(client.status() == 200);
}

TEST_CASE("a short latency ends") {
  const Sandbox sandbox({.port = 0, .latency = std::chrono::milliseconds(5)});
  RawClient client(port_of(sandbox));
  for (int i = 0; i < 3; ++i) {
    client.send(ask_for("sandbox-owner", "/users/me"));
    CHECK(client.status() == 200);
  }
}

TEST_CASE("a data file is one sandbox's at a time") {
  const Folder folder;
  const SandboxOptions options{.port = 0, .data_file = folder.file("sandbox.db")};
  { const Sandbox sandbox(options); }
  const Sandbox first(options);
  try {
    const Sandbox second(options);
    FAIL("both have it");
  } catch (const Error& error) {
    CHECK(error.kind == ErrorKind::usage);
    CHECK(error.message.find(options.data_file) != std::string::npos);
    CHECK(error.message.find("database is locked") != std::string::npos);
    CHECK(!error.hint.empty());
  }
}

TEST_CASE("targets are taken apart and put together") {
  const Target target = parse_target("/a/b?x=1&y=%2F%c3%a9+z&&=e&empty=&bare&x=2&bad=%4&worse=%zz");
  CHECK(target.path == "/a/b");
  const Value query(target.query);
  CHECK(query.text_at("x") == "2");
  CHECK(query.text_at("y") == "/é z");
  CHECK(query.text_at("empty").empty());
  CHECK(query.find("empty"));
  CHECK(query.find("bare"));
  CHECK(query.text_at("bad") == "%4");
  CHECK(query.text_at("worse") == "%zz");
  CHECK(write_query({{"u", "http://h:1/é ~"}, {"v", "a+b&c"}}) == "u=http%3A%2F%2Fh%3A1%2F%C3%A9%20~&v=a%2Bb%26c");
  CHECK(parse_target("/a").query.empty());
}
