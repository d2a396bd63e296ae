// apply and replace on real processes: killed, interrupted, overtaken and refused, at every request. What is there
// afterwards is what was said, and a second run ends in the wished state.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <regex>

#include "api/codec.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "faults/live_api.hpp"

using namespace bookafy;
using faults::LiveApi;

namespace {

const std::string wished = R"(subscriptions:
  - {url: https://hooks.test/new, events: [invitee.created]}
  - {url: https://hooks.test/new, scope: organization, events: [contact.created]}
  - {url: https://hooks.test/changed, events: [contact.created]}
  - {url: https://hooks.test/changed/2, events: [contact.created]}
  - {url: https://hooks.test/changed/3, events: [contact.created]}
  - {url: https://hooks.test/same, events: [invitee.canceled]}
)";

const std::vector<std::string> wished_account{
    "https://hooks.test/changed user contact.created",   "https://hooks.test/changed/2 user contact.created",
    "https://hooks.test/changed/3 user contact.created", "https://hooks.test/new organization contact.created",
    "https://hooks.test/new user invitee.created",       "https://hooks.test/same user invitee.canceled"};

void prepare(LiveApi& api) {
  for (const std::string name : {"changed", "changed/2", "changed/3", "same", "old"})
    api.subscribe("https://hooks.test/" + name, "invitee.canceled");
}

const std::vector<std::string> apply{built::program, "apply", "-", "--prune", "--yes"};

std::string refused(int status) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n"
         R"({"title":"T","message":"no, no"})";
}

std::string id_of(const std::string& uri) { return uri.substr(uri.rfind('/') + 1); }

/// The id of the only subscription there is.
std::string only_id(LiveApi& api) {
  auto outcome = api.run({built::program, "--output", "uri", "list"});
  outcome.out.pop_back();
  return id_of(outcome.out);
}

/// The command that a message tells to run, run.
program::Outcome run_told(LiveApi& api, const std::string& message) {
  const auto begin = message.find("bookafy create ");
  REQUIRE(begin != std::string::npos);
  return api.run({"/bin/sh", "-c", message.substr(begin, message.find('\n', begin) - begin)});
}

}  // namespace

TEST_CASE("an apply that is interrupted or killed at any request tells what it did, and the next run finishes") {
  const std::size_t requests = [] {
    LiveApi api;
    prepare(api);
    CHECK(api.run(apply, wished).status == 0);
    CHECK(api.account() == wished_account);
    return api.requests().size();
  }();
  REQUIRE(requests >= 7);
  for (const int signal : {SIGINT, SIGKILL})
    for (const bool arrived : {true, false})
      for (std::size_t step = 1; step <= requests; ++step) {
        INFO("signal " << signal << " at request " << step << (arrived ? ", done" : ", not done"));
        LiveApi api;
        prepare(api);
        const auto before = api.account();
        std::size_t number = 0;
        std::atomic<bool> is_change = false;
        api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
          if (++number != step) return std::nullopt;
          is_change = request.method != "GET";
          if (arrived) api.deliver(request);
          kill(api.process(), signal);
          return "";
        });
        const auto run = api.run(apply, wished);
        INFO(run.out << run.err);
        CHECK(run.status == 128 + signal);
        if (signal == SIGINT && is_change) CHECK(run.err.find("interrupted: ") != std::string::npos);
        // What is said to be there is there.
        const auto between = api.account();
        const std::regex created("(created|replaced) (\\S+)  \\S+\n");
        for (std::sregex_iterator line(run.out.begin(), run.out.end(), created), end; line != end; ++line)
          CHECK(std::any_of(between.begin(), between.end(),
                            [&](const auto& one) { return one.rfind((*line)[2].str() + " ", 0) == 0; }));
        if (!is_change) CHECK(between == before);
        // A place that is empty is named.
        for (const std::string place : {"changed", "changed/2", "changed/3"}) {
          const std::string url = "https://hooks.test/" + place;
          const bool is_there = std::any_of(between.begin(), between.end(),
                                            [&](const auto& one) { return one.rfind(url + " ", 0) == 0; });
          if (signal == SIGINT && !is_there) CHECK(run.err.find("none of " + url + ", make it: ") != std::string::npos);
        }

        api.set_fault(nullptr);
        const auto again = api.run(apply, wished);
        INFO(again.out << again.err);
        CHECK(again.status == 0);
        CHECK(api.account() == wished_account);
      }
}

TEST_CASE("the results of an interrupted apply are what was done, and as JSON not taken for all") {
  for (const std::string format : {"json", "jsonl"}) {
    LiveApi api;
    prepare(api);
    api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
      if (request.method != "POST" || request.body.find("/changed") == std::string::npos) return std::nullopt;
      kill(api.process(), SIGINT);
      return "";
    });
    const auto run = api.run({built::program, "apply", "-", "--yes", "-o", format}, wished);
    INFO(run.out << run.err);
    CHECK(run.status == 130);
    std::string rows = run.out;
    if (format == "json") {
      CHECK_THROWS(codec::decode(rows));
      rows += "]";
    } else {
      std::replace(rows.begin(), rows.end(), '\n', ',');
      rows = "[" + rows.substr(0, rows.size() - 1) + "]";
    }
    const Value decoded = codec::decode(rows);
    std::vector<std::string> results;
    for (const Value& row : *decoded.array()) results.push_back(row.text_at("result"));
    CHECK(results == std::vector<std::string>{"kept", "created", "created"});
  }
}

TEST_CASE("jobs at once end in the wished state, each of them with success and none with doubles") {
  const program::Sandbox sandbox({"--rate-limit", "1000000"});
  const program::TemporaryFolder home;
  auto environment = program::poisoned_environment(home.path());
  environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  environment["BOOKAFY_API_URL"] = sandbox.url();
  auto command = [&](const std::vector<std::string>& arguments, const std::string& input) {
    program::Command made{{built::program}, environment, input, home.path()};
    made.argv.insert(made.argv.end(), arguments.begin(), arguments.end());
    return made;
  };
  std::string files[2];
  for (int i = 0; i < 40; ++i) {
    const std::string entry = "  - {url: 'https://hooks.test/" + std::to_string(i) + "', events: [";
    files[0] += entry + "invitee.created]}\n";
    files[1] += entry + (i % 2 == 0 ? "invitee.canceled" : "invitee.created") + "]}\n";
  }
  // From nothing, then with half of them to replace, then with half of them too many.
  const std::vector<std::string> stages{files[0], files[1], files[0].substr(0, files[0].size() / 2)};
  for (const std::string& stage : stages) {
    const std::string file = "subscriptions:\n" + stage.substr(0, stage.rfind("\n") + 1);
    constexpr std::size_t jobs = 4;
    std::vector<program::Outcome> outcomes(jobs);
    std::vector<std::thread> threads;
    for (auto& outcome : outcomes)
      threads.emplace_back([&] { outcome = program::run(command({"apply", "-", "--prune", "--yes"}, file)); });
    for (std::thread& thread : threads) thread.join();
    for (const auto& outcome : outcomes) {
      INFO(outcome.out << outcome.err);
      CHECK(outcome.status == 0);
    }
    const auto entries = std::count(file.begin(), file.end(), '\n') - 1;
    const auto after = program::run(command({"apply", "-", "--prune", "--dry-run", "--detailed-exitcode"}, file));
    CHECK(after.status == 0);
    CHECK(after.out.find("0 to create, 0 to replace, " + std::to_string(entries) + " to keep, 0 to delete") !=
          std::string::npos);
  }
}

TEST_CASE("a replace whose answers get lost makes one of one, whether or not the requests arrived") {
  for (const std::string url : {"https://hooks.test/a", "https://hooks.test/b"})
    for (const bool arrived : {true, false})
      for (int step = 1; step <= 3; ++step) {
        INFO("to " << url << ", request " << step << (arrived ? ", done" : ", not done"));
        LiveApi api;
        api.subscribe("https://hooks.test/a", "invitee.canceled");
        const std::string id = only_id(api);
        int number = 0;
        api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
          if (++number != step) return std::nullopt;
          if (arrived) api.deliver(request);
          return "";
        });
        const auto run = api.run({built::program, "replace", id, "--url", url, "-e", "contact.created"});
        INFO(run.err);
        CHECK(run.status == 0);
        CHECK(api.account() == std::vector<std::string>{url + " user contact.created"});
      }
}

TEST_CASE("a replace that is interrupted says what may be missing, and with which command it is made") {
  for (const std::string interrupted_at : {"DELETE", "POST"})
    for (const bool arrived : {true, false}) {
      INFO(interrupted_at << (arrived ? ", done" : ", not done"));
      LiveApi api;
      api.subscribe("https://hooks.test/it's", "invitee.canceled");
      const std::string id = only_id(api);
      api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
        if (request.method != interrupted_at) return std::nullopt;
        if (arrived) api.deliver(request);
        kill(api.process(), SIGINT);
        return "";
      });
      const auto run = api.run({built::program, "replace", id, "-e", "contact.created,invitee.created"});
      INFO(run.err);
      CHECK(run.status == 130);
      CHECK(run.out.empty());
      const bool is_delete = interrupted_at == "DELETE";
      CHECK(run.err.find(is_delete ? "it may be gone; if bookafy list shows none of https://hooks.test/it's"
                                   : "is gone, and the create of the new one was under way; if bookafy list shows "
                                     "none of https://hooks.test/it's") != std::string::npos);
      api.set_fault(nullptr);
      const bool missing = is_delete == arrived;
      CHECK(api.account().empty() == missing);
      if (!missing) continue;
      CHECK(run_told(api, run.err).status == 0);
      CHECK(api.account() == std::vector<std::string>{"https://hooks.test/it's user contact.created invitee.created"});
    }
}

TEST_CASE("a replacement that is refused puts the old one back, or tells the command that does") {
  const std::vector<std::string> anew{"create", "--url", "https://hooks.test/a", "--if-exists", "replace"};
  for (const bool by_create : {false, true}) {
    INFO(by_create);
    LiveApi api;
    api.subscribe("https://hooks.test/a", "invitee.canceled");
    const auto before = api.account();
    const auto refuse_after_the_delete = [&](int refusals) {
      std::vector<std::string> argv{built::program};
      const std::vector<std::string> arguments = by_create ? anew : std::vector<std::string>{"replace", only_id(api)};
      argv.insert(argv.end(), arguments.begin(), arguments.end());
      argv.insert(argv.end(), {"-e", "contact.created"});
      api.set_fault([deleted = false, refusals](const http::Request& request) mutable -> std::optional<std::string> {
        deleted = deleted || request.method == "DELETE";
        if (request.method != "POST" || !deleted || --refusals < 0) return std::nullopt;
        return refused(403);
      });
      return api.run(argv);
    };
    const auto put_back = refuse_after_the_delete(1);
    INFO(put_back.err);
    CHECK(put_back.status == 4);
    CHECK(put_back.out.empty());
    CHECK(put_back.err.find("hint: the old one was put back as http") != std::string::npos);
    CHECK(put_back.err.find(", unsigned\n") != std::string::npos);
    CHECK(api.account() == before);

    const auto gone = refuse_after_the_delete(2);
    INFO(gone.err);
    CHECK(gone.status == 4);
    CHECK(gone.err.find("the old one is gone and could not be put back; make it again: ") != std::string::npos);
    CHECK(api.account().empty());
    CHECK(run_told(api, gone.err).status == 0);
    CHECK(api.account() == before);
  }
}

TEST_CASE("a replace with another URL loses nothing: refused it leaves the old one, and half done it says so") {
  LiveApi api;
  api.subscribe("https://hooks.test/a", "invitee.canceled");
  const auto before = api.account();
  const std::string id = only_id(api);
  const std::vector<std::string> move{built::program,         "replace",       id, "--url",
                                      "https://hooks.test/b", "--max-retries", "0"};
  const auto refuse = [&api](const std::string& method) {
    api.set_fault([method](const http::Request& request) -> std::optional<std::string> {
      if (request.method != method) return std::nullopt;
      return refused(403);
    });
  };
  refuse("POST");
  CHECK(api.run(move).status == 4);
  CHECK(api.account() == before);

  refuse("DELETE");
  const auto half = api.run(move);
  INFO(half.err);
  CHECK(half.status == 4);
  CHECK(half.err.find("the new one was made: http") != std::string::npos);
  CHECK(half.err.find("remove the old one: bookafy delete " + id) != std::string::npos);
  CHECK(api.account().size() == 2);
  api.set_fault(nullptr);
  CHECK(api.run({built::program, "delete", id}).status == 0);
  CHECK(api.account() == std::vector<std::string>{"https://hooks.test/b user invitee.canceled"});
}

TEST_CASE("a replace whose delete may have happened does not say that nothing did") {
  LiveApi api;
  api.subscribe("https://hooks.test/a", "invitee.canceled");
  const std::string id = only_id(api);
  api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
    if (request.method != "DELETE") return std::nullopt;
    api.deliver(request);
    return "";
  });
  const auto run = api.run({built::program, "replace", id, "-e", "contact.created", "--max-retries", "0"});
  INFO(run.err);
  CHECK(run.status == 8);
  CHECK(run.err.find("the old one may be gone; if bookafy list shows none of https://hooks.test/a") !=
        std::string::npos);
  CHECK(api.account().empty());
  api.set_fault(nullptr);
  CHECK(run_told(api, run.err).status == 0);
  CHECK(api.account() == std::vector<std::string>{"https://hooks.test/a user contact.created"});
}
