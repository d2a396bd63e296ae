// A listener's store while other programs use it, and what reading a store leaves behind.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "built.hpp"
#include "catch.hpp"
#include "program/running.hpp"
#include "storage/sqlite.hpp"

using program::Caller;
using program::has;
using program::Listener;
using program::TemporaryFolder;

namespace {

std::string shared_invitee(const std::string& id) {
  return "https://api.bookafy.com/scheduled_events/e/invitees/" + id;
}

program::Outcome run_on_store(const TemporaryFolder& home, const std::vector<std::string>& arguments,
                              const program::Environment& further = {}, std::vector<std::string> prefix = {}) {
  prefix.push_back(built::program);
  prefix.insert(prefix.end(), arguments.begin(), arguments.end());
  program::Command command{prefix, program::poisoned_environment(home.path()), "", home.path()};
  for (const auto& [name, value] : further) command.environment[name] = value;
  return program::run(command);
}

void stop(Listener&& listener) {
  listener.send(SIGTERM);
  CHECK(listener.wait() == 143);
}

/// Posts one new delivery, whose URI goes into `acknowledged` with a 200.
void post_one(const Listener& listener, std::set<std::string>& acknowledged) {
  const std::string uri = shared_invitee(std::to_string(acknowledged.size()));
  const int status = Caller(listener.port())
                         .post(R"({"created_at":"2026-11-23T09:30:00Z","event":"invitee.created","payload":{"uri":")" +
                               uri + R"("}})");
  CHECK(status == 200);
  if (status == 200) acknowledged.insert(uri);
}

std::set<std::string> stored_set(const TemporaryFolder& home) {
  const auto outcome = run_on_store(home, {"deliveries", "--store", "store", "-o", "uri"});
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  std::set<std::string> uris;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) uris.insert(line);
  return uris;
}

/// Names, sizes and contents of a folder's files.
std::map<std::string, std::string> content_of_folder(const std::filesystem::path& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file() && !entry.is_symlink())
      content[entry.path().filename()] = program::content_of(entry.path());
  return content;
}

/// Reads the store in every way, as root and, where possible, as a user without permission to write.
void read_in_every_way(const TemporaryFolder& home, const std::set<std::string>& expected) {
  std::vector<std::vector<std::string>> users{{}};
  if (getuid() == 0) users.push_back({"setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all"});
  const auto before = content_of_folder(home.path());
  for (const auto& user : users) {
    if (!user.empty() && run_on_store(home, {"--version"}, {}, user).status != 0) {
      WARN("only root can run the program here");
      continue;
    }
    for (const std::string command : {"deliveries", "bookings"}) {
      const auto outcome = run_on_store(home, {command, "--store", "store", "-o", "uri"}, {}, user);
      INFO(command << outcome.err);
      CHECK(outcome.status == 0);
      CHECK(static_cast<std::size_t>(std::count(outcome.out.begin(), outcome.out.end(), '\n')) == expected.size());
    }
  }
  CHECK(content_of_folder(home.path()) == before);
}

}  // namespace

TEST_CASE("nothing answered 200 is lost, whatever else opens and closes the store") {
  const program::Sandbox sandbox;
  const program::Environment api{{"BOOKAFY_API_URL", sandbox.url()}, {"BOOKAFY_TOKEN", "sandbox-owner"}};
  // Port 9 refuses, so that forwarding stays under way.
  const std::vector<std::string> forward{"--forward-to", "http://127.0.0.1:9/"};
  const std::vector<std::string> exec{"--exec", "cat >/dev/null"};
  std::vector<std::string> both = forward;
  both.insert(both.end(), exec.begin(), exec.end());
  for (std::vector<std::string> options : {std::vector<std::string>{}, forward, exec, both}) {
    INFO(Catch::StringMaker<std::vector<std::string>>::convert(options));
    const TemporaryFolder home;
    const std::string file = (home.path() / "store").string();
    options.insert(options.end(), {"--store", "store"});
    std::set<std::string> acknowledged;
    {
      Listener listener(home.path(), options);
      const std::vector<std::function<void()>> others{
          [&] { bookafy::storage::Database(file, bookafy::storage::Access::read_write); },
          [&] {
            CHECK(run_on_store(home, {"bookings", "--store", "store", "--sync"}, api).status == 0);
          },
          [&] {
            CHECK(run_on_store(home, {"bookings", "--store", "store"}).status == 0);
          },
          [&] {
            Listener second(home.path(), options);
            post_one(second, acknowledged);
            second.send(SIGTERM);
            CHECK(second.wait() == 143);
          },
      };
      for (const auto& other : others) {
        post_one(listener, acknowledged);
        other();
        post_one(listener, acknowledged);
        CHECK(std::filesystem::exists(file + "-wal"));
        CHECK(stored_set(home) == acknowledged);
      }
      listener.send(SIGKILL);
      CHECK(listener.wait() == 137);
    }
    CHECK(stored_set(home) == acknowledged);
    stop(Listener(home.path(), {"--store", "store"}));
    CHECK(stored_set(home) == acknowledged);
  }
}

TEST_CASE("reading a store creates and changes nothing, without permission to write too") {
  const TemporaryFolder home;
  std::set<std::string> acknowledged;
  const auto permit = [&] {
    chmod(home.path().c_str(), 0755);
    for (const auto& entry : std::filesystem::directory_iterator(home.path())) chmod(entry.path().c_str(), 0444);
  };
  {
    Listener listener(home.path(), {"--store", "store"});
    post_one(listener, acknowledged);
    permit();
    read_in_every_way(home, acknowledged);
    post_one(listener, acknowledged);
    read_in_every_way(home, acknowledged);
    listener.send(SIGKILL);
    listener.wait();
  }
  REQUIRE(std::filesystem::exists(home.path() / "store-wal"));
  read_in_every_way(home, acknowledged);
  for (const char* name : {"store", "store-wal", "store-shm"}) chmod((home.path() / name).c_str(), 0644);
  {
    Listener listener(home.path(), {"--store", "store"});
    post_one(listener, acknowledged);
    listener.send(SIGTERM);
    CHECK(listener.wait() == 143);
  }
  CHECK_FALSE(std::filesystem::exists(home.path() / "store-wal"));
  permit();
  read_in_every_way(home, acknowledged);
}

TEST_CASE("a store's name is the name of a file") {
  for (const std::string name : {":memory:", "file:x?mode=memory", "file:other.db", "100%41#"}) {
    INFO(name);
    const TemporaryFolder home;
    std::set<std::string> acknowledged;
    {
      Listener listener(home.path(), {"--store", name});
      post_one(listener, acknowledged);
      listener.send(SIGTERM);
      CHECK(listener.wait() == 143);
    }
    CHECK(content_of_folder(home.path()).count(name) == 1);
    const auto outcome = run_on_store(home, {"deliveries", "--store", name, "-o", "uri"});
    CHECK(outcome.out == shared_invitee("0") + "\n");
    CHECK(run_on_store(home, {"sandbox", "--data", name, "--", "true"}).status == 2);
    std::filesystem::remove(home.path() / name);
    CHECK(run_on_store(home, {"sandbox", "--data", name, "--", "true"}).status == 0);
    CHECK(std::filesystem::exists(home.path() / name));
  }
}

TEST_CASE("a store that cannot be used is a usage error that names the reason") {
  const TemporaryFolder home;
  home.write("text", "This is a text that is long enough not to be taken for an empty database file.\n");
  home.write("empty", "");
  std::filesystem::create_symlink("empty", home.path() / "link");
  mkfifo((home.path() / "pipe").c_str(), 0600);
  struct Row {
    std::string store, reason;
    bool for_reading_only = false;
  };
  for (const Row& row : {Row{"/", "it is not a regular file"}, Row{"nofolder/store", "No such file or directory"},
                         Row{"text/store", "Not a directory"}, Row{"link", "it is a symbolic link"},
                         Row{"pipe", "it is not a regular file"}, Row{"text", "file is not a database"},
                         Row{"absent", "No such file or directory", true}, Row{"empty", "it is empty", true}}) {
    std::vector<std::vector<std::string>> commands{{"bookings", "--store", row.store},
                                                   {"deliveries", "--store", row.store}};
    if (!row.for_reading_only) {
      commands.push_back({"listen", "--bind", "127.0.0.1:0", "--store", row.store});
      commands.push_back({"sandbox", "--data", row.store, "--", "true"});
    }
    for (const auto& command : commands) {
      const auto outcome = run_on_store(home, command);
      INFO(command.front() << ' ' << row.store << ' ' << outcome.err);
      CHECK(outcome.status == 2);
      CHECK(outcome.out.empty());
      CHECK(has(outcome.err, row.reason));
      CHECK(has(outcome.err, "hint: "));
    }
  }
  CHECK(content_of_folder(home.path()).size() == 2);
  CHECK(program::content_of(home.path() / "empty").empty());
}

TEST_CASE("a store that may not be written is refused by a listener at its start") {
  if (getuid() == 0 && run_on_store(TemporaryFolder(), {"--version"}, {}, {"setpriv", "--reuid=65534"}).status != 0) {
    WARN("only root can run the program here");
    return;
  }
  const TemporaryFolder home;
  stop(Listener(home.path(), {"--store", "store"}));
  chmod(home.path().c_str(), 0755);
  chmod((home.path() / "store").c_str(), 0444);
  std::vector<std::string> user;
  if (getuid() == 0) user = {"setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all"};
  const auto outcome = run_on_store(home, {"listen", "--bind", "127.0.0.1:0", "--store", "store"}, {}, user);
  INFO(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(has(outcome.err, "cannot write store: Permission denied"));
}
