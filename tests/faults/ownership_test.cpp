// What is deleted is provably the program's own: subscriptions of listeners, and the files of new signing keys.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include "built.hpp"
#include "catch.hpp"
#include "faults/live_api.hpp"
#include "program/running.hpp"

using namespace bookafy;
using faults::LiveApi;
using program::has;
using program::Listener;
using program::TemporaryFolder;

namespace {

const std::string hook = "https://hooks.test/in";
const std::string of_user = hook + " user invitee.created";
const std::vector<std::string> subscribe{"--subscribe", hook, "-e", "invitee.created", "--max-retries", "0"};

program::Environment account_of(const LiveApi& api) {
  return {{"BOOKAFY_API_URL", api.url()}, {"BOOKAFY_TOKEN", "sandbox-owner"}};
}

/// A run of `listen` that is expected to end by itself.
program::Outcome listen(const LiveApi& api, const TemporaryFolder& home, const std::vector<std::string>& options) {
  program::Command command{
      {built::program, "listen", "--bind", "127.0.0.1:0"}, program::poisoned_environment(home.path()), "", home.path()};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  for (const auto& [name, value] : account_of(api)) command.environment[name] = value;
  return program::run(command);
}

std::string refusal(int status) {
  return program::http_answer(status, R"({"title":"T","message":"no, no"})", "Retry-After: 500\r\n");
}

}  // namespace

TEST_CASE("a listener whose URL is taken ends with a conflict and deletes nothing") {
  for (const std::string event : {"invitee.created", "invitee.canceled"}) {
    INFO(event);
    LiveApi api;
    const TemporaryFolder home;
    api.subscribe(hook, event);
    const auto before = api.account();
    const auto run = listen(api, home, subscribe);
    INFO(run.err);
    CHECK(run.status == 6);
    CHECK(api.account() == before);
  }
}

TEST_CASE("a second listener on a URL leaves the first one's subscription alone") {
  LiveApi api;
  const TemporaryFolder home;
  Listener first(home.path(), subscribe, account_of(api));
  first.wait_for_error("subscribed " + hook);
  const auto second = listen(api, home, subscribe);
  INFO(second.err);
  CHECK(second.status == 6);
  CHECK(api.account() == std::vector<std::string>{of_user});
  first.send(SIGTERM);
  CHECK(first.wait() == 143);
  CHECK(api.account().empty());
}

TEST_CASE("after a lost response a listener deletes its own subscription and no other") {
  for (const bool arrived : {true, false})
    for (const bool was_there : {true, false})
      for (const int look : {0, 403, 500}) {  // what the look gets; 0: the list
        INFO((arrived ? "arrived" : "lost on the way") << (was_there ? ", taken" : ", free") << ", look " << look);
        LiveApi api;
        const TemporaryFolder home;
        if (was_there) api.subscribe(hook, "invitee.created");
        std::atomic<int> posts = 0;
        std::atomic<bool> looked = false;
        api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
          if (request.method == "POST" && posts++ == 0) {
            if (arrived) api.deliver(request);
            return "";
          }
          if (request.method == "GET" && posts == 1 && look != 0 && !looked.exchange(true)) return refusal(look);
          return std::nullopt;
        });
        if (look == 0 && arrived && !was_there) {
          Listener listener(home.path(), subscribe, account_of(api));
          listener.wait_for_error("subscribed " + hook);
          CHECK(api.account() == std::vector<std::string>{of_user});
          listener.send(SIGINT);
          CHECK(listener.wait() == 130);
        } else {
          const auto run = listen(api, home, subscribe);
          INFO(run.err);
          CHECK(run.status != 0);
        }
        CHECK(api.account() == (was_there ? std::vector<std::string>{of_user} : std::vector<std::string>{}));
      }
}

TEST_CASE("the record of a listener that was killed during its create lets nobody delete anything") {
  LiveApi api;
  const TemporaryFolder home;
  {
    std::atomic<pid_t> process = 0;
    api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
      if (request.method != "POST") return std::nullopt;
      while (process == 0) continue;
      kill(process, SIGKILL);
      return "";
    });
    Listener killed(home.path(), subscribe, account_of(api));
    process = killed.process();
    CHECK(killed.wait() == 137);
  }
  api.set_fault(nullptr);
  api.subscribe(hook, "invitee.created");
  Listener other(home.path(), {"--subscribe", "https://other.test/in", "-e", "invitee.created"}, account_of(api));
  other.wait_for_error("an earlier listener may have left a subscription to " + hook + " behind");
  other.wait_for_error("subscribed https://other.test/in");
  CHECK(api.account() == std::vector<std::string>{of_user, "https://other.test/in user invitee.created"});
  other.send(SIGTERM);
  CHECK(other.wait() == 143);
  CHECK(api.account() == std::vector<std::string>{of_user});
  CHECK(std::filesystem::is_empty(home.path() / "state" / "bookafy"));
}

TEST_CASE("the file of a new signing key is removed only when no subscription can have the key") {
  struct Row {
    std::string name;
    std::vector<std::string> command;
    bool arrives;  ///< the first POST, whose response is lost
    int refusal;   ///< of the first POST, which is not lost then; 0: it is lost
    int look;      ///< what every list then gets; 0: a closed connection
    bool stays;
  };
  const std::vector<std::string> create{"create", "--url", hook, "-e", "invitee.created"};
  std::vector<Row> rows;
  for (const int look : {0, 401, 403, 404, 409, 429, 500})
    for (const bool arrives : {true, false}) rows.push_back({"lost", create, arrives, 0, look, true});
  for (const int status : {400, 401, 403, 404, 409, 429}) rows.push_back({"refused", create, false, status, 0, false});
  for (const std::string policy : {"skip", "replace"})
    rows.push_back({"look fails after a conflict",
                    {"create", "--url", hook, "-e", "invitee.created", "--if-exists", policy},
                    false,
                    409,
                    403,
                    false});
  for (const Row& row : rows) {
    INFO(row.name << " " << row.refusal << ", look " << row.look << (row.arrives ? ", arrived" : ""));
    LiveApi api;
    const TemporaryFolder home;
    const std::string key = (home.path() / "key").string();
    bool posted = false;
    api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
      if (request.method == "POST" && !std::exchange(posted, true)) {
        if (row.arrives) api.deliver(request);
        return row.refusal == 0 ? std::string() : refusal(row.refusal);
      }
      if (request.method == "GET" && posted && request.url.starts_with("/webhook_subscriptions"))
        return row.look == 0 ? std::string() : refusal(row.look);
      return std::nullopt;
    });
    std::vector<std::string> argv{built::program, "--max-retries", "0"};
    argv.insert(argv.end(), row.command.begin(), row.command.end());
    argv.insert(argv.end(), {"--generate-signing-key", key});
    const auto run = api.run(argv);
    INFO(run.err);
    CHECK(run.status != 0);
    CHECK(api.account().size() == (row.arrives ? 1 : 0));
    CHECK(std::filesystem::exists(key) == row.stays);
    CHECK(has(run.err, "the new signing key stays in " + key) == row.stays);
  }
}

TEST_CASE("a signal during a create or a replacement keeps the new signing key, and the message says where") {
  for (const std::string method : {"POST", "DELETE"})
    for (const bool arrived : {true, false})
      for (const int signal : {SIGINT, SIGTERM}) {
        INFO(method << (arrived ? ", done" : ", not done") << ", signal " << signal);
        LiveApi api;
        const TemporaryFolder home;
        const std::string key = (home.path() / "key").string();
        std::vector<std::string> argv{built::program, "create", "--url", hook, "-e", "invitee.created"};
        if (method == "DELETE") {
          api.subscribe(hook, "invitee.canceled");
          argv.insert(argv.end(), {"--if-exists", "replace"});
        }
        argv.insert(argv.end(), {"--generate-signing-key", key});
        api.set_fault([&](const http::Request& request) -> std::optional<std::string> {
          if (request.method != method) return std::nullopt;
          if (arrived) api.deliver(request);
          kill(api.process(), signal);
          return "";
        });
        const auto run = api.run(argv);
        INFO(run.err);
        CHECK(run.status == 128 + signal);
        CHECK(std::filesystem::exists(key));
        CHECK(has(run.err, "the new signing key stays in " + key));
      }
}
