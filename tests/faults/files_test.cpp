// Files that hold secrets: their owner's alone, whole or not there, and written before the request that needs them.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "built.hpp"
#include "catch.hpp"
#include "faults/server.hpp"
#include "program/process.hpp"

#ifndef __SANITIZE_THREAD__  // its runtime lives in a file that has to grow

using program::has;

namespace {

namespace fs = std::filesystem;

int mode(const fs::path& file) {
  struct stat status {};
  return lstat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) ? static_cast<int>(status.st_mode & 07777) : -1;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// Runs the program in a folder of its own, against a server that counts and makes any subscription and knows any user.
class Machine {
 public:
  program::TemporaryFolder home;
  fs::path folder = home.path() / "work";
  std::atomic<int> requests = 0;

  Machine() { fs::create_directory(folder); }

  /// `before`: shell commands that set limits.
  program::Outcome run(const std::string& before, std::vector<std::string> arguments, const std::string& input = "") {
    auto environment = program::poisoned_environment(home.path());
    environment["BOOKAFY_TOKEN"] = "token-to-hide";
    environment["BOOKAFY_API_URL"] = server_.url();
    arguments.insert(arguments.begin(), {"/bin/sh", "-c", before + "; exec \"$@\"", "sh", built::program});
    return program::run({arguments, environment, input, folder});
  }
  program::Outcome create(const std::string& before, const std::string& key_file) {
    return run(before, {"create", "--url", "https://hooks.test/a", "-e", "invitee.created", "--organization", "o",
                        "--user", "u", "--generate-signing-key", key_file});
  }

 private:
  faults::Server server_{[this](faults::Socket& connection, int) {
    ++requests;
    std::string request = connection.receive();
    while (request.starts_with("POST") && !request.ends_with("}")) request += connection.receive();
    const std::string body =
        R"({"resource":{"uri":"https://api.bookafy.com/webhook_subscriptions/s","callback_url":"https://hooks.test/a",)"
        R"("events":["invitee.created"],"current_organization":"o","name":"Mara","email":"m@example.org"}})";
    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
  }};
};

const std::string full_disk = "ulimit -f 0";  // no file may grow

}  // namespace

TEST_CASE("a new signing key is its owner's alone, and nobody else's file") {
  Machine machine;
  CHECK(machine.create("umask 0", "key").status == 0);
  CHECK(machine.requests == 1);
  CHECK(mode(machine.folder / "key") == 0600);
  CHECK(program::content_of(machine.folder / "key").size() == 44);
  CHECK(names_in(machine.folder) == std::vector<std::string>{"key"});

  fs::create_symlink("target", machine.folder / "dangling");
  fs::create_symlink("key", machine.folder / "link");
  fs::create_directory(machine.folder / "folder");
  const std::string before = program::content_of(machine.folder / "key");
  for (const std::string taken : {"key", "dangling", "link", "folder", "nowhere/key"}) {
    INFO(taken);
    const auto outcome = machine.create("umask 0", taken);
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(machine.requests == 1);
  }
  CHECK(program::content_of(machine.folder / "key") == before);
  CHECK(names_in(machine.folder) == std::vector<std::string>{"dangling", "folder", "key", "link"});
}

TEST_CASE("a full disk is an error before the request that needs the key, and leaves nothing behind") {
  Machine machine;
  const auto outcome = machine.create(full_disk, "key");
  INFO(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(has(outcome.err, "cannot create the signing key file key: "));
  CHECK(machine.requests == 0);
  CHECK(names_in(machine.folder).empty());
}

TEST_CASE("a login is stored for its owner alone, as a whole, and not through a link") {
  Machine machine;
  const fs::path stored = machine.home.path() / ".config" / "bookafy" / "default.json";
  auto environment_path = [&] {
    for (const auto& entry : fs::recursive_directory_iterator(machine.home.path()))
      if (entry.path().filename() == "default.json") return entry.path();
    return stored;
  };
  CHECK(machine.run("umask 0", {"login"}, "first-token\n").status == 0);
  const fs::path profile = environment_path();
  CHECK(mode(profile) == 0600);
  CHECK((fs::status(profile.parent_path()).permissions() & fs::perms::mask) == fs::perms::owner_all);
  CHECK(has(program::content_of(profile), "first-token"));

  const auto full = machine.run(full_disk, {"login"}, "second-token\n");
  INFO(full.err);
  CHECK(full.status == 2);
  CHECK(has(program::content_of(profile), "first-token"));
  CHECK(names_in(profile.parent_path()) == std::vector<std::string>{"default.json"});

  const fs::path elsewhere = machine.folder / "elsewhere";
  fs::rename(profile, elsewhere);
  fs::create_symlink(elsewhere, profile);
  const auto linked = machine.run("umask 0", {"login"}, "third-token\n");
  INFO(linked.err);
  CHECK(linked.status == 2);
  CHECK(has(linked.err, "symbolic link"));
  CHECK(fs::is_symlink(profile));
  CHECK(has(program::content_of(elsewhere), "first-token"));
}

TEST_CASE("a store is its owner's alone, and not reached through a link") {
  Machine machine;
  fs::create_symlink("target", machine.folder / "link");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"listen", "--bind", "127.0.0.1:0", "--store", "link"},
           {"sandbox", "--data", "link", "--bind", "127.0.0.1:0", "--", "true"},
       }) {
    INFO(arguments.front());
    const auto outcome = machine.run("umask 0", arguments);
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(has(outcome.err, "symbolic link"));
  }
  CHECK(names_in(machine.folder) == std::vector<std::string>{"link"});

  CHECK(machine.run("umask 0", {"sandbox", "--data", "data", "--bind", "127.0.0.1:0", "--", "true"}).status == 0);
  CHECK(mode(machine.folder / "data") == 0600);
  const auto full = machine.run(full_disk, {"sandbox", "--data", "other", "--bind", "127.0.0.1:0", "--", "true"});
  CHECK(full.status != 0);
  CHECK(has(full.err, "other"));
}

#else

TEST_CASE("files that hold secrets") { WARN("skipped: the thread sanitizer needs room on the disk"); }

#endif
