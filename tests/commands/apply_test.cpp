// apply when things go wrong: whatever is lost or refused on the way, a run or the next one ends in the wished state.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "api/codec.hpp"
#include "catch.hpp"
#include "commands/faulty_network.hpp"
#include "program/process.hpp"

using namespace bookafy;

namespace {

const std::string wished = R"(subscriptions:
  - {url: https://hooks.example.org/new, events: [invitee.created]}
  - {url: https://hooks.example.org/new, scope: organization, events: [contact.created]}
  - {url: https://hooks.example.org/changed, events: [invitee.created, contact.created]}
  - {url: https://hooks.example.org/same, events: [invitee.canceled]}
)";

const std::vector<std::string> wished_account{
    "https://hooks.example.org/changed\tuser\tinvitee.created,contact.created",
    "https://hooks.example.org/new\torganization\tcontact.created",
    "https://hooks.example.org/new\tuser\tinvitee.created",
    "https://hooks.example.org/same\tuser\tinvitee.canceled",
};

/// An account that the file above changes in every way.
Run apply(FaultyNetwork& network, const std::string& text = wished) {
  return network.run({"apply", "-", "--prune", "--yes", "--max-retries", "3"}, text);
}

http::Outcome lost() { return http::Failure{http::Failure::Reason::timeout, true, "timed out"}; }
http::Outcome refused(int status) {
  return http::Response{
      status, {{"X-RateLimit-Remaining", "10"}, {"X-RateLimit-Reset", "0"}}, R"({"title":"T","message":"M"})"};
}

/// How many requests a run without faults makes.
std::size_t requests_of_a_run() {
  FaultyNetwork network;
  network.make_three();
  const Run run = apply(network);
  REQUIRE(run.status == 0);
  REQUIRE(network.account() == wished_account);
  return run.sent.size();
}

bool only_looks(const Run& run) {
  return std::all_of(run.sent.begin(), run.sent.end(), [](const auto& one) { return one.rfind("GET ", 0) == 0; });
}

}  // namespace

TEST_CASE("an answer lost in any step does no harm, whether or not the request arrived") {
  const std::size_t steps = requests_of_a_run();
  REQUIRE(steps >= 7);
  for (std::size_t step = 0; step < steps; ++step)
    for (const bool arrived : {true, false}) {
      INFO("step " << step << (arrived ? ", done" : ", not done"));
      FaultyNetwork network;
      network.make_three();
      network.fault = [&](std::size_t number, const http::Request& request) -> std::optional<http::Outcome> {
        if (number != step) return std::nullopt;
        if (arrived) network.deliver(request);
        return lost();
      };
      const Run run = apply(network);
      INFO(run.err);
      CHECK(run.status == 0);
      CHECK(network.account() == wished_account);
      network.fault = nullptr;
      CHECK(only_looks(apply(network)));
    }
}

TEST_CASE("a 429 or a 503 in any step is waited for") {
  const std::size_t steps = requests_of_a_run();
  for (const int status : {429, 503})
    for (std::size_t step = 0; step < steps; ++step) {
      INFO(status << " in step " << step);
      FaultyNetwork network;
      network.make_three();
      network.fault = [&](std::size_t number, const http::Request&) -> std::optional<http::Outcome> {
        if (number != step) return std::nullopt;
        return refused(status);
      };
      CHECK(apply(network).status == 0);
      CHECK(network.account() == wished_account);
    }
}

TEST_CASE("two runs at once end in the wished state without doubles, wherever one overtakes the other") {
  const std::size_t steps = requests_of_a_run();
  for (std::size_t step = 0; step < steps; ++step) {
    INFO("overtaken before step " << step);
    FaultyNetwork network;
    network.make_three();
    bool overtaken = false;
    network.fault = [&](std::size_t number, const http::Request&) -> std::optional<http::Outcome> {
      if (number != step || std::exchange(overtaken, true)) return std::nullopt;
      // The other run works on the same world over a network of its own.
      struct Other final : http::Transport {
        explicit Other(FaultyNetwork& shared) : shared_(shared) {}
        void start(std::uint64_t id, http::Request request) override {
          completed_.push_back({.id = id, .outcome = shared_.deliver(std::move(request))});
        }
        std::vector<http::Completed> wait(Deadline) override { return std::exchange(completed_, {}); }
        FaultyNetwork& shared_;
        std::vector<http::Completed> completed_;
      } other(network);
      output::StringWriter out, err;
      TextInput in(wished);
      CHECK(app::run({"apply", "-", "--prune", "--yes", "--allow-http"},
                     {.out = out,
                      .err = err,
                      .in = in,
                      .environment = system::Environment(network.environment),
                      .transport = &other}) == 0);
      return std::nullopt;
    };
    const Run run = apply(network);
    INFO(run.err);
    CHECK(run.status == 0);
    CHECK(overtaken);
    CHECK(network.account() == wished_account);
  }
}

TEST_CASE("one that appears between plan and doing is looked at before it is touched") {
  const std::string file = "subscriptions: [{url: https://hooks.example.org/new, events: [invitee.created]}]";
  auto run_with = [&](const std::string& events, std::vector<std::string> options, FaultyNetwork& network) {
    network.fault = [&network, events, appeared = false](
                        std::size_t, const http::Request& request) mutable -> std::optional<http::Outcome> {
      if (request.method != "POST" || std::exchange(appeared, true)) return std::nullopt;
      http::Request theirs = request;
      const auto at = theirs.body.find("invitee.created");
      theirs.body.replace(at, std::string("invitee.created").size(), events);
      network.deliver(theirs);
      return std::nullopt;
    };
    options.insert(options.begin(), {"apply", "-"});
    return network.run(options, file);
  };
  FaultyNetwork equal;
  CHECK(run_with("invitee.created", {}, equal).status == 0);
  CHECK(equal.account() == std::vector<std::string>{"https://hooks.example.org/new\tuser\tinvitee.created"});

  FaultyNetwork different;
  const Run run = run_with("contact.created", {}, different);
  CHECK(run.status == 6);
  CHECK(run.err.find("a different subscription has appeared meanwhile") != std::string::npos);
  CHECK(different.account() == std::vector<std::string>{"https://hooks.example.org/new\tuser\tcontact.created"});

  FaultyNetwork allowed;
  CHECK(run_with("contact.created", {"--yes"}, allowed).status == 0);
  CHECK(allowed.account() == std::vector<std::string>{"https://hooks.example.org/new\tuser\tinvitee.created"});
}

TEST_CASE("when the new one is refused the old one is put back, and a second run finishes") {
  FaultyNetwork network;
  network.make_three();
  int refusals = 1;
  network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    const bool is_it = request.method == "POST" && request.body.find("/changed") != std::string::npos;
    if (!is_it || refusals-- <= 0) return std::nullopt;
    return refused(403);
  };
  const Run run = apply(network);
  CHECK(run.status == 10);
  CHECK(run.err.find("the old one was put back as http") != std::string::npos);
  CHECK(run.out.find("created https://hooks.example.org/new") != std::string::npos);
  const auto account = network.account();
  CHECK(std::count(account.begin(), account.end(), "https://hooks.example.org/changed\tuser\tinvitee.canceled") == 1);
  network.fault = nullptr;
  CHECK(apply(network).status == 0);
  CHECK(network.account() == wished_account);
}

TEST_CASE("when even putting back fails, the command that repairs it is named") {
  FaultyNetwork network;
  network.make_three();
  network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    if (request.method != "POST" || request.body.find("/changed") == std::string::npos) return std::nullopt;
    return refused(403);
  };
  const Run run = apply(network);
  CHECK(run.status == 10);
  CHECK(run.err.find(
            "bookafy create --url 'https://hooks.example.org/changed' --event 'invitee.canceled' --scope user") !=
        std::string::npos);
  // Nothing of that URL was taken away besides.
  network.fault = nullptr;
  CHECK(apply(network).status == 0);
  CHECK(network.account() == wished_account);
}

TEST_CASE("what replaces or deletes is asked for") {
  FaultyNetwork network;
  network.make_three();
  const auto before = network.account();
  const program::TemporaryFolder folder;
  const std::string file = folder.write("wished.yaml", wished);
  for (const std::string answer : {"n", "", "nonsense"}) {
    const Run refused_run = network.run({"apply", file, "--prune"}, "", answer);
    CHECK(refused_run.status == 1);
    CHECK(refused_run.err.find("Replace or delete 2 subscriptions? [y/N]") != std::string::npos);
    CHECK(network.account() == before);
  }
  CHECK(network.run({"apply", file, "--prune", "--no-input"}, "", "y").status == 2);
  CHECK(network.account() == before);
  CHECK(network.run({"apply", file, "--prune"}, "", "y").status == 0);
  CHECK(network.account() == wished_account);
}

TEST_CASE("five hundred entries of one file") {
  std::string file = "subscriptions:\n";
  for (int i = 0; i < 500; ++i)
    file += "  - {url: 'https://hooks.example.org/" + std::to_string(i) + "', events: [invitee.created]}\n";
  FaultyNetwork network;
  const Run first = network.run({"apply", "-"}, file);
  CHECK(first.status == 0);
  CHECK(first.out.find("500 to create") != std::string::npos);
  CHECK(first.sent.size() == 502);
  const Run second = network.run({"apply", "-"}, file);
  CHECK(second.out.find("0 to create, 0 to replace, 500 to keep, 0 to delete") != std::string::npos);
  CHECK(only_looks(second));
  CHECK(second.sent.size() <= 8);
  CHECK(network.run({"apply", "--prune", "--yes", "-"}, file.substr(0, file.find("/7'") - 36)).status == 0);
  CHECK(network.account().size() == 7);
}

TEST_CASE("five hundred entries within fifty requests a minute wait for the limit instead of running into it") {
  std::string file = "subscriptions:\n";
  for (int i = 0; i < 500; ++i)
    file += "  - {url: 'https://hooks.example.org/" + std::to_string(i) + "', events: [invitee.created]}\n";
  FaultyNetwork network(50);
  const auto begin = network.time.steady;
  const Run first = network.run({"apply", "-"}, file);
  INFO(first.err);
  CHECK(first.status == 0);
  CHECK(first.sent.size() == 502);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(network.time.steady - begin).count();
  CHECK(minutes >= 10);
  CHECK(minutes <= 11);
  CHECK(first.err.find("rate limit reached; waiting 60 s") != std::string::npos);
  CHECK(network.run({"apply", "-", "--dry-run", "--detailed-exitcode"}, file).status == 0);
}

TEST_CASE("replacements go side by side, and within a rate limit no place is empty while any of them waits for it") {
  std::string file = "subscriptions:\n";
  FaultyNetwork network(20);
  for (int i = 0; i < 20; ++i) {
    const std::string url = "https://hooks.example.org/" + std::to_string(i);
    REQUIRE(network.run({"create", "--url", url, "-e", "invitee.canceled"}).status == 0);
    file += "  - {url: '" + url + "', events: [invitee.created]}\n";
  }
  int empty = 0;
  int most_empty = 0;
  bool is_neglected = false;
  auto before = network.time.steady;
  network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    is_neglected = is_neglected || (empty > 0 && network.time.steady != before);
    before = network.time.steady;
    empty += request.method == "DELETE" ? 1 : request.method == "POST" ? -1 : 0;
    most_empty = std::max(most_empty, empty);
    return std::nullopt;
  };
  const Run run = network.run({"apply", "-", "--yes"}, file);
  INFO(run.err);
  CHECK(run.status == 0);
  CHECK(most_empty > 1);
  CHECK_FALSE(is_neglected);
  CHECK(run.err.find("rate limit reached; waiting") != std::string::npos);
  std::size_t last = 0;
  for (int i = 0; i < 20; ++i) {
    const auto told = run.out.find("\nreplaced https://hooks.example.org/" + std::to_string(i) + " ");
    REQUIRE(told != std::string::npos);
    CHECK(told > last);
    last = told;
  }
}

TEST_CASE("nothing is pruned while something that was to take over is missing") {
  FaultyNetwork network;
  network.make_three();
  network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    if (request.method != "POST" || request.body.find("/new") == std::string::npos) return std::nullopt;
    return refused(403);
  };
  const Run run = apply(network);
  CHECK(run.status == 10);
  CHECK(run.err.find("warning: 1 to delete is left until all else is done") != std::string::npos);
  const auto account = network.account();
  CHECK(std::count(account.begin(), account.end(), "https://hooks.example.org/old\tuser\tinvitee.canceled") == 1);
  network.fault = nullptr;
  CHECK(apply(network).status == 0);
  CHECK(network.account() == wished_account);
}

TEST_CASE("when the second look fails, what was done before is still accounted for") {
  FaultyNetwork network;
  network.make_three();
  bool conflict = false;
  network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    if (request.method == "POST" && request.body.find("/new") != std::string::npos &&
        request.body.find("\"user\"") != std::string::npos && !std::exchange(conflict, true))
      return refused(409);
    if (conflict && request.method == "GET") return refused(403);
    return std::nullopt;
  };
  const Run run = network.run({"apply", "-", "--prune", "--yes", "-o", "json"}, wished);
  INFO(run.out << run.err);
  CHECK(run.status == 10);
  const Value rows = codec::decode(run.out);
  REQUIRE(rows.array());
  std::vector<std::string> results;
  for (const Value& row : *rows.array()) results.push_back(row.text_at("action") + " " + row.text_at("result"));
  std::sort(results.begin(), results.end());
  CHECK(results ==
        std::vector<std::string>{"create created", "create failed", "delete planned", "keep kept", "replace replaced"});
  network.fault = nullptr;
  CHECK(apply(network).status == 0);
  CHECK(network.account() == wished_account);
}

TEST_CASE("with --only, keys and mistakes of owners elsewhere do not matter, and a pattern for nothing is told") {
  FaultyNetwork network;
  const std::string file = R"(subscriptions:
  - {url: https://hooks.example.org/signed, events: [invitee.created], signing_key: {env: NOT_SET}}
  - {url: https://hooks.example.org/plain, events: [invitee.created]}
)";
  CHECK(network.run({"apply", "-", "--only", "*/signed"}, file).status == 2);
  CHECK(network.run({"apply", "-", "--only", "*/plain"}, file).status == 0);
  CHECK(network.account() == std::vector<std::string>{"https://hooks.example.org/plain\tuser\tinvitee.created"});
  const Run nothing = network.run({"apply", "-", "--only", "hooks.example.org/*"}, file);
  CHECK(nothing.status == 0);
  CHECK(nothing.err.find("warning: no URL matches hooks.example.org/*") != std::string::npos);
}

TEST_CASE("a group can be named for the whole file, and the plan tells groups apart") {
  FaultyNetwork network;
  const std::string file = R"(subscriptions:
  - {url: https://hooks.example.org/a, scope: group, events: [invitee.created]}
  - {url: https://hooks.example.org/a, scope: group, group: 41f7c6b0-7d0e-4c55-9f0b-2a6c8e94d1f3, events: [invitee.created]}
)";
  const Run without = network.run({"apply", "-"}, file);
  CHECK(without.status == 2);
  CHECK(without.err.find("standard input:2:5: scope group needs the key group") != std::string::npos);
  const std::string group = "d3b07384-d9a0-4c9b-8f0e-6a2f1c7e5b48";
  const Run planned = network.run({"apply", "-", "--group", group, "--dry-run"}, file);
  CHECK(planned.out.find("https://hooks.example.org/a  group " + group + "  invitee.created\n") != std::string::npos);
  CHECK(network.run({"apply", "-", "--group", "a/b/c"}, file).err.find("--group a/b/c is not") != std::string::npos);
  CHECK(network.run({"apply", "-", "--group", "41f7c6b0-7d0e-4c55-9f0b-2a6c8e94d1f3"}, file).status == 2);
}

TEST_CASE("in a GitHub job the plan is in the summary and failures are annotations") {
  FaultyNetwork network;
  network.make_three();
  const program::TemporaryFolder folder;
  const std::string summary = (folder.path() / "summary").string();
  network.environment = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", summary}};
  const std::string hostile =
      "subscriptions: [{url: 'https://h.example.org/|<b>%0A::error::x', events: [invitee.created]}]";
  CHECK(network.run({"apply", "--dry-run", "-"}, hostile).status == 0);
  std::stringstream text;
  text << std::ifstream(summary).rdbuf();
  CHECK(text.str().find("1 to create, 0 to replace, 0 to keep, 0 to delete") != std::string::npos);
  CHECK(text.str().find("<b>") == std::string::npos);
  CHECK(text.str().find("| &#43; create | https&#58;//h.example.org/&#124;&#60;b&#62;%0A") != std::string::npos);

  const Run mistaken =
      network.run({"apply", "-"}, "subscriptions: [{url: 'https://h.example.org/%0A', events: ['a%b']}]");
  CHECK(mistaken.status == 2);
  CHECK(mistaken.err.find("\n::error file=standard input,line=1,col=61::unknown event a%25b") != std::string::npos);
  const Run missing = network.run({"inspect", "00000000-0000-4000-8000-000000000000"});
  CHECK(missing.err.find("\n::error title=bookafy::cannot read the subscription") != std::string::npos);
  // The JSON keeps its line, and the annotation is not in it.
  const Run as_json = network.run({"inspect", "00000000-0000-4000-8000-000000000000", "-o", "json"});
  CHECK(as_json.err.find("}}\n::error title=bookafy::cannot read the subscription") != std::string::npos);
  CHECK(as_json.out.empty());
}
