// The connection is cut after every possible byte of request and answer, on the way to a real sandbox. Whatever the
// client reports, there is never a second subscription, and a reported success is one.
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "bookafy/client.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "faults/cutting_proxy.hpp"
#include "faults/server.hpp"
#include "net/engine.hpp"
#include "program/process.hpp"
#include "sandbox/sandbox.hpp"

using namespace bookafy;
using faults::Cut;
using faults::Side;

namespace {

/// A sandbox, a proxy in front of it, and clients that go through either.
struct Account {
  sandbox::Sandbox server{{.port = 0, .rate_limit = 1'000'000}};
  std::string token{server.tokens().front().text};
  int port() const { return std::stoi(server.base_url().substr(server.base_url().rfind(':') + 1)); }
  faults::CuttingProxy proxy{port()};

  /// A fresh connection each time, and no time lost between tries.
  template <typename Work>
  auto with_client(const std::string& url, const Work& work) {
    net::Engine engine{net::EngineOptions{}};
    Surroundings surroundings;
    surroundings.random = [] { return 0.0; };
    Client client(engine, {.base_url = url, .token = Secret(token), .retry = {}, .surroundings = surroundings});
    return work(client);
  }

  NewSubscription wished(const std::string& name) {
    if (!user) user = with_client(server.base_url(), [](Client& client) { return client.me(); });
    return {.url = "https://hooks.test/" + name,
            .events = {"invitee.created"},
            .scope = Scope::user,
            .organization = user->organization,
            .user = user->uri};
  }

  /// The URIs by the last part of the callback URL.
  std::multimap<std::string, std::string> present() {
    const auto own = wished("");
    return with_client(server.base_url(), [&](Client& client) {
      ListQuery query;
      query.organization = own.organization;
      query.user = own.user;
      Pages pages = client.list(query);
      std::multimap<std::string, std::string> found;
      while (auto page = pages.next())
        for (const Value& row : *page) {
          const std::string url = row.text_at("callback_url");
          if (url.starts_with("https://hooks.test/")) found.emplace(url.substr(url.rfind('/') + 1), row.text_at("uri"));
        }
      return found;
    });
  }

  /// What one request costs on the wire. The proxy takes a second connection only after the first has ended.
  faults::Traffic measured(const std::function<void(Client&)>& work) {
    with_client(proxy.url(), [&](Client& client) { work(client); });
    return with_client(proxy.url(), [&](Client& client) {
      client.me();
      return proxy.last_traffic();
    });
  }

  std::optional<User> user{};
};

std::string padded(std::size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(5 - digits.size(), '0') + digits;
}

/// Every cut of an exchange of that size, alternately with FIN and RST.
std::vector<Cut> all_cuts(const faults::Traffic& traffic) {
  std::vector<Cut> cuts;
  for (std::size_t i = 0; i <= traffic.request; ++i) cuts.push_back({Side::request, i, i % 2 == 1});
  for (std::size_t i = 0; i <= traffic.answer; ++i) cuts.push_back({Side::answer, i, i % 2 == 1});
  return cuts;
}

std::string description(const Cut& cut) {
  return std::string(cut.side == Side::request ? "request" : "answer") + " cut after " + std::to_string(cut.after) +
         (cut.reset ? " with RST" : "");
}

}  // namespace

TEST_CASE("a create and a delete cut anywhere happen exactly once") {
  const auto [creates, deletes] = [] {
    Account account;
    Subscription probe;
    const auto create = account.measured([&](Client& client) { probe = client.create(account.wished("probe")); });
    return std::pair(create, account.measured([&](Client& client) { client.remove(*parse_resource(probe.uri)); }));
  }();
  REQUIRE(creates.request > 300);
  REQUIRE(creates.answer > 300);
  REQUIRE(deletes.request > 100);
  REQUIRE(deletes.answer > 50);

  const std::vector<Cut> create_cuts = all_cuts(creates);
  const std::vector<Cut> delete_cuts = all_cuts(deletes);
  constexpr std::size_t an_account = 50;
  for (std::size_t first = 0; first < create_cuts.size(); first += an_account) {
    Account account;
    const std::string through = account.proxy.url();
    const std::size_t end = std::min(first + an_account, create_cuts.size());
    for (std::size_t i = first; i < end; ++i) {
      INFO(description(create_cuts[i]));
      const NewSubscription wished = account.wished(padded(i));
      account.proxy.cut_next(create_cuts[i]);
      CHECK_NOTHROW(account.with_client(through, [&](Client& client) { client.create(wished); }));
    }
    const auto present = account.present();
    CHECK(present.size() == end - first);
    std::size_t deleted = 0;
    for (std::size_t i = first; i < end; ++i) {
      INFO(description(create_cuts[i]));
      REQUIRE(present.count(padded(i)) == 1);
      if (i >= delete_cuts.size()) continue;
      INFO("delete: " << description(delete_cuts[i]));
      account.proxy.cut_next(delete_cuts[i]);
      const auto resource = parse_resource(present.find(padded(i))->second);
      CHECK_NOTHROW(account.with_client(through, [&](Client& client) { client.remove(*resource); }));
      ++deleted;
    }
    CHECK(account.present().size() == end - first - deleted);
  }
}

TEST_CASE("the program, cut off, killed and repeated, leaves one") {
  Account account;
  const program::TemporaryFolder home;
  auto environment = program::poisoned_environment(home.path());
  environment["BOOKAFY_TOKEN"] = account.token;
  const NewSubscription own = account.wished("");
  auto create = [&](const std::string& url, const std::string& name) {
    return program::run({{built::program, "--api-url", url, "create", "--url", "https://hooks.test/" + name, "-e",
                          "invitee.created", "--organization", own.organization, "--user", own.user, "-o", "uri"},
                         environment,
                         "",
                         "/"});
  };
  for (const Cut cut : {Cut{Side::request, 400, true}, Cut{Side::answer, 0, false}, Cut{Side::answer, 100, true}}) {
    INFO(description(cut));
    account.proxy.cut_next(cut);
    const auto name = "program-" + std::to_string(cut.after) + (cut.reset ? "r" : "f");
    const auto first = create(account.proxy.url(), name);
    INFO(first.err);
    CHECK(first.status == 0);
    const auto present = account.present();
    REQUIRE(present.count(name) == 1);
    CHECK(first.out == present.find(name)->second + "\n");
    // The same command again, as after a kill: a conflict, and still one.
    CHECK(create(account.server.base_url(), name).status == 6);
    CHECK(account.present().count(name) == 1);
  }
  // Two at once.
  program::Outcome other;
  std::thread at_once([&] { other = create(account.server.base_url(), "both"); });
  const auto one = create(account.server.base_url(), "both");
  at_once.join();
  CHECK(account.present().count("both") == 1);
  CHECK(std::min(one.status, other.status) == 0);
  CHECK(std::max(one.status, other.status) == 6);
}

TEST_CASE("the program, killed before or after its create arrived and repeated, leaves one") {
  Account account;
  for (const bool arrives : {false, true}) {
    INFO((arrives ? "after" : "before"));
    const program::TemporaryFolder folder;
    const std::string pid_file = (folder.path() / "pid").string();
    const faults::Server killing([&](faults::Socket& connection, int) {
      std::string request;
      while (!request.ends_with("}")) request += connection.receive();
      if (arrives) {
        const auto server = faults::Socket::connected_to(account.port());
        server.send(request);
        CHECK(server.receive().starts_with("HTTP/1.1 201 "));
      }
      pid_t process = 0;
      std::ifstream(pid_file) >> process;
      kill(process, SIGKILL);
      faults::outlast(connection);
    });
    auto environment = program::poisoned_environment(folder.path());
    environment["BOOKAFY_TOKEN"] = account.token;
    const NewSubscription own = account.wished("");
    const std::string name = arrives ? "killed-after" : "killed-before";
    auto create = [&](const std::string& url) {
      return program::run({{"/bin/sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", pid_file, built::program, "--api-url", url,
                            "create", "--url", "https://hooks.test/" + name, "-e", "invitee.created", "--organization",
                            own.organization, "--user", own.user, "--if-exists", "skip"},
                           environment,
                           "",
                           "/"});
    };
    CHECK(create(killing.url()).status == 128 + SIGKILL);
    CHECK(account.present().count(name) == (arrives ? 1 : 0));
    CHECK(create(account.server.base_url()).status == 0);
    CHECK(account.present().count(name) == 1);
  }
}
