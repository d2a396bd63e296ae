// The token goes to the configured API and nowhere else.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <regex>

#include "built.hpp"
#include "catch.hpp"
#include "faults/server.hpp"
#include "program/process.hpp"

namespace {

const std::string token = "token-to-hide";

std::string closing_answer(const std::string& body, const std::string& headers = "",
                           const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status +
         "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + headers + "\r\n" + body;
}

const std::string user = R"({"resource":{"uri":"https://api.bookafy.com/users/u","name":"Mara"}})";

/// Counts what somebody lets out to it.
struct Spy {
  std::atomic<int> connections = 0;
  faults::Server server{[this](faults::Socket& connection, int) {
    ++connections;
    connection.send("HTTP/1.1 500 Spied\r\n\r\n");
  }};
};

program::Outcome run(const std::string& api, const std::vector<std::string>& arguments,
                     const program::Environment& further = {}) {
  const program::TemporaryFolder home;
  auto environment = program::poisoned_environment(home.path());
  environment["BOOKAFY_TOKEN"] = token;
  environment["BOOKAFY_API_URL"] = api;
  for (const auto& [name, value] : further) environment[name] = value;
  program::Command command{{built::program}, environment, "", "/"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return program::run(command);
}

}  // namespace

TEST_CASE("neither proxies, redirects nor URIs lead a request of this machine elsewhere") {
  Spy spy;
  const std::string elsewhere = spy.server.url();
  const program::Environment proxies{
      {"http_proxy", elsewhere}, {"HTTP_PROXY", elsewhere}, {"all_proxy", elsewhere}, {"ALL_PROXY", elsewhere}};
  const faults::Server good(faults::raw(closing_answer(user)));
  CHECK(run(good.url(), {"inspect", "me"}, proxies).status == 0);
  const auto foreign = run(good.url(), {"inspect", elsewhere + "/users/u"});
  CHECK(foreign.status == 0);
  CHECK(foreign.err.find("warning") != std::string::npos);

  for (const std::string status : {"301 Moved", "302 Found", "307 Temporary", "308 Permanent"}) {
    INFO(status);
    const faults::Server redirecting(
        faults::raw(closing_answer("", "Location: " + elsewhere + "/users/me\r\n", status)));
    const auto outcome = run(redirecting.url(), {"inspect", "me"});
    CHECK(outcome.status == 9);
    CHECK(outcome.out.empty());
  }
  const faults::Server paging([&](faults::Socket& connection, int turn) {
    connection.receive();
    connection.send(closing_answer(turn == 1
                                       ? R"({"collection":[{"uri":"a"}],"pagination":{"next_page":")" + elsewhere +
                                             R"(/webhook_subscriptions?page_token=t","next_page_token":null}})"
                                       : R"({"collection":[{"uri":"b"}],"pagination":{"next_page":null}})"));
  });
  const auto listed =
      run(paging.url(), {"list", "--scope", "organization", "--organization", "o", "-o", "tsv", "--fields", "uri"});
  CHECK(listed.status == 0);
  CHECK(listed.out == "uri\na\nb\n");
  CHECK(spy.connections == 0);
}

TEST_CASE("plain http leaves this machine only when told to") {
  for (const std::string api :
       {"http://api.bookafy.com", "http://127.0.0.1.example.org", "http://10.0.0.1", "http://0.0.0.0"}) {
    INFO(api);
    CHECK(run(api, {"inspect", "me"}).status == 2);
  }
}

TEST_CASE("a token is not in arguments, traces and errors, not even when the server echoes it") {
  std::mutex mutex;
  std::string command_line;
  const faults::Server server([&](faults::Socket& connection, int) {
    const std::string request = connection.receive();
    CHECK(request.find("Authorization: Bearer " + token) != std::string::npos);
    const std::lock_guard lock(mutex);
    for (const auto& process : std::filesystem::directory_iterator("/proc")) {
      std::ifstream file(process.path() / "cmdline", std::ios::binary);
      const std::string line{std::istreambuf_iterator<char>(file), {}};
      if (line.find(built::program) != std::string::npos) command_line += line;
    }
    connection.send(closing_answer(R"({"title":"Who is )" + token + R"(?","message":"not )" + token +
                                       R"(","details":[{"parameter":")" + token + R"(","message":"x"}]})",
                                   "X-Echo: Bearer " + token + "\r\nX-Request-Id: " + token +
                                       "\r\nX-RateLimit-Key: key-to-hide\r\nSet-Cookie: cookie-to-hide\r\n",
                                   "403 Echo " + token));
  });
  for (const std::string format : {"table", "json"}) {
    INFO(format);
    const auto outcome = run(server.url(), {"-v", "-o", format, "inspect", "me"});
    INFO(outcome.err);
    CHECK(outcome.status == 4);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find("to-hide") == std::string::npos);
    CHECK(outcome.err.find("***") != std::string::npos);
    CHECK(outcome.err.find("GET " + server.url() + "/users/me") != std::string::npos);
  }
  const std::lock_guard lock(mutex);
  CHECK(!command_line.empty());
  CHECK(command_line.find(token) == std::string::npos);
}

TEST_CASE("a token is masked as a URL would have it, too") {
  const faults::Server server(faults::raw(closing_answer(
      R"({"title":"t","message":"https://elsewhere.example/?token=to%2Fken%2Bto%3Dhide"})", "", "404 Not Found")));
  const auto outcome = run(server.url(), {"-v", "inspect", "me"}, {{"BOOKAFY_TOKEN", "to/ken+to=hide"}});
  INFO(outcome.err);
  CHECK(outcome.status == 5);
  CHECK(outcome.err.find("hide") == std::string::npos);
  CHECK(outcome.err.find("?token=***") != std::string::npos);
}

TEST_CASE("a token is masked as JSON within a text would have it, too") {
  const faults::Server server(faults::raw(
      closing_answer(R"({"title":"t","message":"{\"token\":\"to\\\"ken\\\\to-hide\"} and to%22ken%5cto-hide"})", "",
                     "404 Not Found")));
  const auto outcome = run(server.url(), {"-v", "inspect", "me"}, {{"BOOKAFY_TOKEN", "to\"ken\\to-hide"}});
  INFO(outcome.err);
  CHECK(outcome.status == 5);
  CHECK(outcome.err.find("hide") == std::string::npos);
}

TEST_CASE("the sandbox's command gets the sandbox's token and not the user's") {
  const program::TemporaryFolder home;
  const std::string file = home.write("token", token);
  const auto outcome = run("https://api.bookafy.com", {"-q", "sandbox", "--", "env"},
                           {{"BOOKAFY_TOKEN_FILE", file}, {"BOOKAFY_PROFILE", "mine-to-hide"}});
  INFO(outcome.out);
  CHECK(outcome.status == 0);
  CHECK(outcome.out.find("BOOKAFY_TOKEN=sandbox-owner\n") != std::string::npos);
  CHECK(outcome.out.find("BOOKAFY_API_URL=http://127.0.0.1:") != std::string::npos);
  for (const std::string& hidden : {std::string("to-hide"), file}) CHECK(outcome.out.find(hidden) == std::string::npos);
}

TEST_CASE("what is too large or too deep is refused and said, in little memory") {
  struct Row {
    std::string name, body, said;
  };
  std::string deep = R"({"resource":)";
  for (int i = 0; i < 5000; ++i) deep += "[";
  for (const auto& [name, body, said] : std::vector<Row>{
           {"too large", std::string(17 * 1024 * 1024, ' '), "larger than 16777216 bytes"},
           {"too deep", deep, "levels deep"},
           {"a byte order mark", "\xef\xbb\xbf" + user, "byte order mark"},
           {"not UTF-8", "{\"resource\":{\"n\":\"\xff\"}}", "not valid JSON"},
       }) {
    INFO(name);
    const faults::Server server(faults::raw(closing_answer(body, "X-Request-Id: request-5\r\n")));
    const auto outcome = run(server.url(), {"inspect", "me"});
    INFO(outcome.err);
    CHECK(outcome.status == 9);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find(said) != std::string::npos);
    CHECK(outcome.err.find("request id: request-5") != std::string::npos);
  }
}
