// What --curl prints runs as it is in a shell and does what the command would have done.
#include "built.hpp"
#include "catch.hpp"
#include "program/process.hpp"

namespace {

struct CurlShell {
  program::TemporaryFolder home;
  program::Sandbox sandbox;
  program::Environment environment = program::poisoned_environment(home.path());

  CurlShell() {
    environment["BOOKAFY_API_URL"] = sandbox.url();
    environment["BOOKAFY_TOKEN"] = "sandbox-owner";
    environment["BOOKAFY_SIGNING_KEY"] = "bk_demo_signing_key_0001";
  }
  std::string run(const std::vector<std::string>& argv, const std::string& input = "") {
    const auto outcome = program::run({.argv = argv, .environment = environment, .input = input});
    INFO(outcome.out << outcome.err);
    REQUIRE(outcome.status == 0);
    return outcome.out;
  }
};

}  // namespace

TEST_CASE("the lines of --curl make the subscription, whatever its URL") {
  CurlShell shell;
  const std::string url =
      GENERATE(std::string("https://hooks.example.org/plain"), "https://hooks.example.org/it's?a=$HOME&b=`id`&c=\"d\"",
               "https://h.example/[1]{2}*@x!");
  const std::string lines = shell.run(
      {built::program, "create", "--url", url, "-e", "invitee.created", "--signing-key-file", "/dev/null", "--curl"});
  CHECK(lines.find("sandbox-owner") == std::string::npos);
  CHECK(shell.run({built::program, "list", "-o", "uri"}).empty());  // nothing was sent
  shell.run({"sh", "-e"}, lines);
  CHECK(shell.run({built::program, "list", "-o", "tsv", "--fields", "callback_url"}) == "callback_url\n" + url + "\n");
}

TEST_CASE("the lines of --curl lead the token to no proxy that could read it") {
  const program::TemporaryFolder home;
  auto environment = program::poisoned_environment(home.path());
  const auto line = [&](const std::string& api) {
    return program::run(
               {{built::program, "--allow-http", "--timeout", "7.5", "--api-url", api, "--curl", "inspect", "me"},
                environment,
                "",
                "/"})
        .out;
  };
  for (const char* api : {"http://127.0.0.1:1", "https://127.0.0.1:1", "https://localhost", "http://[::1]:1",
                          "http://api.example.org", "HTTP://api.example.org"}) {
    INFO(api);
    CHECK(program::has(line(api), " --noproxy '*' "));
  }
  CHECK_FALSE(program::has(line("https://api.example.org"), "--noproxy"));
  CHECK(program::has(line("https://api.example.org"), " --connect-timeout 10 --max-time 7.5 "));
}

TEST_CASE("the lines of --curl ask for what the command would ask for") {
  CurlShell shell;
  const std::string id = "6fa459ea-ee8a-4ca4-894e-db77e160355e/16fd2706-8baf-433b-82eb-8c7fada847da";
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"inspect", id},
                                                    {"inspect", "me"},
                                                    {"list", "--scope", "user"},
                                                    {"api", "/users/me"}}) {
    std::vector<std::string> argv{built::program};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    argv.emplace_back("--curl");
    const std::string answer = shell.run({"sh", "-e"}, shell.run(argv));
    INFO(answer);
    CHECK((answer.find("{\"resource\":{") == 0 || answer.find("{\"collection\":[") == 0));
  }
}
