// Without descriptors a server waits instead of becoming deaf.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "sandbox/raw_client.hpp"
#include "server/http_server.hpp"

using namespace bookafy::server;

namespace {

/// While it lives the process can open no further descriptor.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    int highest = -1;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
      highest = std::max(highest, std::stoi(entry.path().filename()));
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(highest) + 1;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (int next = dup(STDIN_FILENO); next >= 0; next = dup(STDIN_FILENO)) taken_.push_back(next);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  ~NoDescriptors() {
    for (const int descriptor : taken_) close(descriptor);
    setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

/// What a server reports.
class Reports {
 public:
  void add(const std::string& text) {
    const std::lock_guard lock(mutex_);
    all_.push_back(text);
    added_.notify_all();
  }
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    added_.wait_for(lock, std::chrono::seconds(10), [&] { return all_.size() >= count; });
    return all_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable added_;
  std::vector<std::string> all_;
};

ServerOptions reporting_to(Reports& reports, unsigned connections) {
  ServerOptions options;
  options.max_connections = connections;
  options.report = [&reports](const std::string& text) { reports.add(text); };
  return options;
}

void serve_empty(const bookafy::http::Request&, const Respond& respond) { respond({200, {}, ""}); }

}  // namespace

TEST_CASE("a failed accept is reported once, and the client is served when there are descriptors again") {
  Reports reports;
  HttpServer server(reporting_to(reports, 100), serve_empty);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) clients.emplace_back(server.port());
  for (RawClient& client : clients) {
    client.send(small_get);
    CHECK(client.status() == 200);
  }
  std::optional<NoDescriptors> none;
  RawClient late(server.port(), AF_INET, [&] { none.emplace(); });
  late.send(small_get);
  CHECK(reports.wait_for(1) == std::vector<std::string>{"cannot accept connections: Too many open files; waiting"});
  none.reset();
  CHECK(late.status() == 200);
  CHECK(reports.wait_for(2) == std::vector<std::string>{"cannot accept connections: Too many open files; waiting",
                                                        "accepting connections again"});
}

TEST_CASE("a full table is reported once, and again when it is not full any more") {
  Reports reports;
  HttpServer server(reporting_to(reports, 4), serve_empty);
  std::vector<RawClient> clients;
  for (int i = 0; i < 12; ++i) clients.emplace_back(server.port());
  clients.back().send(small_get);
  CHECK(clients.back().status() == 200);
  CHECK(reports.wait_for(1) ==
        std::vector<std::string>{"connection limit of 4 reached; new clients replace idle ones"});
  clients.clear();
  CHECK(reports.wait_for(2).back() == "connections are below the limit again");
}
