// export prints what there is in a form that apply keeps: whatever there is, nothing is left to do.
#include <algorithm>
#include <random>

#include "api/codec.hpp"
#include "catch.hpp"
#include "commands/faulty_network.hpp"
#include "output/text.hpp"

using namespace bookafy;

namespace {

/// An account that holds a thing or two.
/// What no server should answer, and what YAML reads as something else.
const std::vector<std::string> hostile_texts{"a",
                                             "null",
                                             "~",
                                             "true",
                                             "no",
                                             "1",
                                             "1e3",
                                             "0x10",
                                             "- a",
                                             "a: b",
                                             "a:",
                                             ": a",
                                             "# a",
                                             "a #b",
                                             "*a",
                                             "&a",
                                             "!a",
                                             "%a",
                                             "@a",
                                             "`a",
                                             "'a",
                                             "\"a",
                                             "a'b\"c",
                                             "a\\b",
                                             "a\\",
                                             "[a]",
                                             "{a}",
                                             "a,b",
                                             "<<",
                                             "=",
                                             "?",
                                             "? a",
                                             "|",
                                             ">",
                                             "---",
                                             "...",
                                             " a",
                                             "a ",
                                             "a\nb",
                                             "a\tb",
                                             "a\r",
                                             std::string("a\0b", 3),
                                             "\u001b[31m",
                                             "\u007f",
                                             "\u0085",
                                             "\u00a0",
                                             "ü",
                                             "\u202egnp",
                                             "\u2028",
                                             "\ufeffa",
                                             "日本",
                                             "\U0001F600",
                                             "\uffff",
                                             std::string(300, 'x'),
                                             std::string(200, ' ') + "x"};

/// Accounts of a server without rules.
struct RandomAccount {
  std::mt19937 chance;

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(chance); }
  const std::string& text() { return hostile_texts[below(hostile_texts.size())]; }

  Value subscription(const std::string& scope, std::size_t number) {
    auto uri = [](std::string_view path) { return Value(sandbox::SandboxTransport::base_url + std::string(path)); };
    Value::Array events;
    for (std::size_t wanted = below(4); wanted > 0; --wanted)
      events.emplace_back(below(2) == 0 ? text() : std::string("invitee.created"));
    Value one;
    one.set("uri", uri("/webhook_subscriptions/s" + std::to_string(number)));
    one.set("callback_url", below(8) == 0 ? text() : "https://hooks.example.org/" + text() + std::to_string(below(9)));
    one.set("events", std::move(events));
    one.set("scope", scope);
    one.set("state", below(8) == 0 ? text() : below(8) == 0 ? "disabled" : "active");
    one.set("organization", uri(sandbox::seed::organization));
    one.set("user", scope == "user" && below(20) > 0 ? uri(sandbox::seed::owner) : Value());
    one.set("group", Value());
    one.set("created_at", "2026-11-23T09:15:42.118204Z");
    one.set("retry_started_at", Value());
    return one;
  }

  /// As the body of a list.
  std::string page(const std::string& scope) {
    Value::Array rows;
    const std::size_t count = below(8);
    for (std::size_t i = 0; i < count; ++i) rows.push_back(subscription(scope, scope == "user" ? i : 10 + i));
    return codec::encode(Value::Object{{"collection", std::move(rows)}, {"pagination", Value::Object{}}});
  }
};

}  // namespace

TEST_CASE("whatever an account holds, what export prints of it leaves apply nothing to do") {
  std::size_t kept = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    INFO("seed " << seed);
    RandomAccount random{std::mt19937(seed)};
    const std::string users = random.page("user");
    const std::string organizations = random.page("organization");
    FaultyNetwork network;
    network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
      if (request.url.find("/webhook_subscriptions") == std::string::npos) return std::nullopt;
      const bool is_users = request.url.find("scope=user") != std::string::npos;
      return http::Response{200, {{"Content-Type", "application/json"}}, is_users ? users : organizations};
    };
    std::size_t counts[2] = {};
    for (const std::string format : {"table", "json"}) {
      const Run exported = network.run({"export", "-o", format});
      INFO(exported.out << exported.err);
      REQUIRE(exported.status == 0);
      std::string line = exported.out;
      std::erase(line, '\n');
      CHECK(output::printable(line) == line);
      const Run applied = network.run({"apply", "--dry-run", "--detailed-exitcode", "-", "-o", "jsonl"}, exported.out);
      INFO(applied.out << applied.err);
      REQUIRE(applied.status == 0);
      counts[format == "json"] = static_cast<std::size_t>(std::count(applied.out.begin(), applied.out.end(), '\n'));
      CHECK(network.run({"export", "-o", format}).out == exported.out);
      // What prune would take away beyond the wishes has been told.
      const Run pruned = network.run({"apply", "--prune", "--dry-run", "-", "-o", "uri"}, exported.out);
      for (int i = 0; i < 20; ++i) {
        const std::string id = "/webhook_subscriptions/s" + std::to_string(i);
        const auto told = exported.err.find(id + ": ");
        const std::string why =
            told == std::string::npos ? "" : exported.err.substr(told, exported.err.find('\n', told) - told);
        CHECK((pruned.err.find(id.substr(id.rfind('/') + 1) + "; not wished for") != std::string::npos) ==
              why.ends_with("; apply --prune would delete it"));
      }
    }
    CHECK(counts[0] == counts[1]);
    kept += counts[0];
  }
  CHECK(kept > 400);
}

TEST_CASE("an account of ten thousand comes back") {
  Value::Array rows;
  for (int i = 0; i < 10'000; ++i) {
    RandomAccount plain{std::mt19937(1)};
    Value one = plain.subscription("organization", static_cast<std::size_t>(i));
    one.set("callback_url", "https://hooks.example.org/" + std::to_string(i));
    one.set("state", "active");
    one.set("events", Value::Array{"invitee.created", "invitee.canceled", "routing_form_submission.created"});
    rows.push_back(std::move(one));
  }
  const std::string all =
      codec::encode(Value::Object{{"collection", std::move(rows)}, {"pagination", Value::Object{}}});
  FaultyNetwork network;
  network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    if (request.url.find("/webhook_subscriptions") == std::string::npos) return std::nullopt;
    return http::Response{200, {{"Content-Type", "application/json"}}, all};
  };
  const Run exported = network.run({"export", "--scope", "organization"});
  const Run applied = network.run({"apply", "--dry-run", "--detailed-exitcode", "-"}, exported.out);
  INFO(applied.err);
  CHECK(applied.status == 0);
  CHECK(applied.out.find("10000 to keep") != std::string::npos);
}

TEST_CASE("what export prints, apply keeps") {
  FaultyNetwork network;
  network.make_three();
  for (const std::string url :
       {"https://hooks.example.org/ü?a=1&b=: #x", "https://h.example.org/\u202egnp", "https://h.example.org/a'b\"c"}) {
    http::Request request{.method = "POST",
                          .url = sandbox::SandboxTransport::base_url + "/webhook_subscriptions",
                          .headers = {{"Authorization", "Bearer sandbox-owner"}, {"Content-Type", "application/json"}},
                          .body = {}};
    request.body = codec::encode(Value::Object{
        {"url", url},
        {"events", Value::Array{"invitee.created"}},
        {"scope", "organization"},
        {"organization", sandbox::SandboxTransport::base_url + std::string(sandbox::seed::organization)}});
    network.deliver(request);
  }
  for (const std::string format : {"table", "json"}) {
    const Run exported = network.run({"export", "-o", format});
    CHECK(exported.status == 0);
    CHECK(exported.out.find("\u202e") == std::string::npos);
    const Run applied = network.run({"apply", "--dry-run", "--detailed-exitcode", "-"}, exported.out);
    INFO(exported.out << applied.err);
    CHECK(applied.status == 0);
    CHECK(applied.out.find("0 to create, 0 to replace, 5 to keep, 0 to delete") != std::string::npos);
    CHECK(applied.out.find("\u202e") == std::string::npos);
    CHECK(network.run({"export", "-o", format}).out == exported.out);
  }
}

TEST_CASE("what apply would not keep is left out of an export, and said so") {
  FaultyNetwork network;
  network.make_three();
  network.fault = [&](std::size_t, const http::Request& request) -> std::optional<http::Outcome> {
    auto response = network.deliver(request);
    const auto old = response.body.find("/old");
    if (old != std::string::npos) {
      const auto state = response.body.find("\"state\":\"active\"", old);
      response.body.replace(state, 16, "\"state\":\"disabled\"");
    }
    return response;
  };
  const Run exported = network.run({"export"});
  CHECK(exported.out.find("its state is \"disabled\"") != std::string::npos);
  CHECK(exported.err.find("warning: left out") != std::string::npos);
  CHECK(exported.out.find("its state is \"disabled\"; apply --prune would delete it\n") != std::string::npos);
  CHECK(network.run({"apply", "--dry-run", "--detailed-exitcode", "-"}, exported.out).status == 0);
  const Run pruned = network.run({"apply", "--prune", "--dry-run", "-"}, exported.out);
  CHECK(pruned.out.find("- delete   https://hooks.example.org/old") != std::string::npos);
  CHECK(pruned.out.find("; not wished for; its state is disabled)") != std::string::npos);
  // Of a scope that the file does not speak of nothing is pruned.
  const std::string url = "https://hooks.example.org/old";
  REQUIRE(network.run({"create", "--url", url, "--scope", "organization", "-e", "invitee.created"}).status == 0);
  const Run alone = network.run({"export", "--scope", "organization"});
  CHECK(alone.err.find("its state is \"disabled\"\n") != std::string::npos);
  // Named in a file, it is made anew.
  const Run revived = network.run({"apply", "--dry-run", "-"},
                                  "subscriptions: [{url: https://hooks.example.org/old, events: [invitee.canceled]}]");
  CHECK(revived.out.find("~ replace  https://hooks.example.org/old  user  invitee.canceled  (its state is disabled") ==
        0);
}
