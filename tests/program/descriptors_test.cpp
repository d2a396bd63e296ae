// Few descriptors: idle connections never keep a delivery out for good.
#include <signal.h>

#include <list>
#include <regex>

#include "built.hpp"
#include "catch.hpp"
#include "program/running.hpp"

TEST_CASE("with 24 descriptors, 30 idle connections do not make a server deaf") {
  const program::TemporaryFolder home;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"listen"}, {"listen", "--store", home.path() / "store"}, {"sandbox"}}) {
    INFO(arguments.front() << arguments.size());
    program::Command command{{"/bin/sh", "-c", "ulimit -n 24; exec \"$@\"", "sh", built::program},
                             program::poisoned_environment(home.path()),
                             "",
                             home.path()};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.argv.insert(command.argv.end(), {"--bind", "0.0.0.0:0"});
    program::Running server(command);
    const std::string said =
        server.wait_for_error(arguments.front() == "listen" ? "listening on http" : "sandbox at http");
    std::smatch address;
    REQUIRE(std::regex_search(said, address, std::regex(R"(http://127\.0\.0\.1:([0-9]+))")));
    const int port = std::stoi(address[1]);
    const std::string body = R"({"created_at":"2026-11-23T09:30:00Z","event":"invitee.created","payload":{}})";
    const int expected = arguments.front() == "listen" ? 200 : 401;
    {
      std::list<program::Caller> idle;
      for (int i = 0; i < 30; ++i) CHECK(idle.emplace_back(port).connected());
      CHECK(program::Caller(port).post(body) == expected);
    }
    CHECK(program::Caller(port).post(body) == expected);
    server.wait_for_error("reached; new clients replace idle ones");
    server.wait_for_error("connections are below the limit again");
    server.send(SIGTERM);
    CHECK(server.wait() == 143);
  }
}
