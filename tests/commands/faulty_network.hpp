/// The sandbox's API behind a network that does what a test tells it to.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/program.hpp"
#include "commands/in_process.hpp"
#include "net/fake_transport.hpp"

namespace bookafy {

class FaultyNetwork final : public http::Transport {
 public:
  /// Looks at each request, the first has number 0. What it returns takes the place of the sandbox's answer, which
  /// never sees the request unless the fault itself hands it on with `deliver`.
  using Fault = std::function<std::optional<http::Outcome>(std::size_t number, const http::Request& request)>;

  explicit FaultyNetwork(int rate_limit = 1'000'000)
      : api(world, fixed.surroundings(), sandbox::SandboxTransport::base_url, rate_limit) {
    time.wall = fixed.now;
  }

  void start(std::uint64_t id, http::Request request) override {
    const std::size_t number = sent.size();
    sent.push_back(request.method + " " + path_of(request));
    if (auto outcome = fault ? fault(number, request) : std::nullopt)
      completed_.push_back({.id = id, .outcome = std::move(*outcome)});
    else
      completed_.push_back({.id = id, .outcome = deliver(request)});
  }
  /// Time passes, for both sides, only while there is nothing else to do.
  std::vector<http::Completed> wait(Deadline until) override {
    if (completed_.empty() && until > time.steady) {
      const auto pause = until - time.steady;
      time.pass(pause);
      fixed.now += std::chrono::ceil<std::chrono::microseconds>(pause);
    }
    return std::exchange(completed_, {});
  }

  http::Response deliver(http::Request request) {
    request.url = request.url.substr(sandbox::SandboxTransport::base_url.size());
    return api.handle(request);
  }

  /// A run of the program on this network. `answer`: what a person at a terminal types; nobody is there without.
  Run run(std::vector<std::string> arguments, const std::string& input = "",
          const std::optional<std::string>& answer = std::nullopt) {
    output::StringWriter out;
    output::StringWriter err;
    TextInput in(answer ? *answer + "\n" : input);
    arguments.emplace_back("--allow-http");
    environment["BOOKAFY_API_URL"] = sandbox::SandboxTransport::base_url;
    environment["BOOKAFY_TOKEN"] = "sandbox-owner";
    sent.clear();
    Run run;
    run.status = app::run(std::move(arguments), {.out = out,
                                                 .err = err,
                                                 .in = in,
                                                 .environment = system::Environment(environment),
                                                 .input_is_terminal = answer.has_value(),
                                                 .errors_are_terminal = answer.has_value(),
                                                 .transport = this,
                                                 .surroundings = time.surroundings()});
    run.out = out.text;
    run.err = err.text;
    run.sent = sent;
    return run;
  }

  /// Three subscriptions of the caller's own: changed, same and old.
  void make_three() {
    for (const std::string url : {"changed", "same", "old"})
      REQUIRE(run({"create", "--url", "https://hooks.example.org/" + url, "-e", "invitee.canceled"}).status == 0);
  }

  /// The account as `URL scope events` lines, sorted.
  std::vector<std::string> account() {
    const Fault before = std::exchange(fault, nullptr);
    const Run listed = run({"list", "-o", "tsv", "--fields", "callback_url,scope,events", "--sort", "created_at:asc"});
    fault = before;
    std::vector<std::string> lines;
    for (std::size_t begin = listed.out.find('\n') + 1; begin < listed.out.size();) {
      const auto end = listed.out.find('\n', begin);
      lines.push_back(listed.out.substr(begin, end - begin));
      begin = end + 1;
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  FakeTime time;
  sandbox::FixedSurroundings fixed;
  sandbox::World world{sandbox::seed_world()};
  sandbox::Api api;
  Fault fault;
  std::vector<std::string> sent;  ///< `METHOD path`, without the query
  std::map<std::string, std::string> environment;

 private:
  static std::string path_of(const http::Request& request) {
    const auto path = request.url.substr(sandbox::SandboxTransport::base_url.size());
    return path.substr(0, path.find('?'));
  }

  std::vector<http::Completed> completed_;
};

}  // namespace bookafy
