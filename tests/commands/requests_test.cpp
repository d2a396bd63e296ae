// Which requests each command makes: as few as it can.
#include "catch.hpp"
#include "commands/in_process.hpp"

using bookafy::InProcess;
using Texts = std::vector<std::string>;

namespace {

const std::string organization = "3f333df6-90a4-4fda-8dd3-9485d27cee36";
const std::string user = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
const std::string event = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
const std::string invitee = event + "/16fd2706-8baf-433b-82eb-8c7fada847da";

}  // namespace

TEST_CASE("a command makes no request but its own when it is told everything") {
  struct Row {
    Texts arguments;
    Texts sent;
  };
  const auto row = GENERATE_COPY(
      Row{{"create", "--url", "https://h.example/a", "-e", "invitee.created", "--organization", organization, "--user",
           user},
          {"POST /webhook_subscriptions"}},
      Row{{"create", "--url", "https://h.example/a", "-e", "invitee.created", "--scope", "organization",
           "--organization", organization},
          {"POST /webhook_subscriptions"}},
      Row{{"create", "--url", "https://h.example/a", "-e", "invitee.created"},
          {"GET /users/me", "POST /webhook_subscriptions"}},
      Row{{"create", "--url", "https://h.example/a", "-e", "invitee.created", "--dry-run"}, {"GET /users/me"}},
      Row{{"list", "--scope", "organization", "--organization", organization}, {"GET /webhook_subscriptions"}},
      Row{{"list", "--organization", organization, "--user", user},
          {"GET /webhook_subscriptions", "GET /webhook_subscriptions"}},
      Row{{"list"}, {"GET /users/me", "GET /webhook_subscriptions", "GET /webhook_subscriptions"}},
      Row{{"inspect", "me"}, {"GET /users/me"}},
      Row{{"inspect", invitee}, {"GET /scheduled_events/" + event + "/invitees/" + invitee.substr(event.size() + 1)}},
      Row{{"inspect", "me", "me", "users/me"}, {"GET /users/me"}},
      Row{{"whoami"}, {"GET /users/me", "GET /organization_memberships"}});
  InProcess program;
  const auto run = program.run(row.arguments);
  INFO(row.arguments.front() << '\n' << run.err);
  CHECK(run.status == 0);
  CHECK(run.sent == row.sent);
}

TEST_CASE("what can be known to be wrong is not sent") {
  const auto arguments = GENERATE(
      Texts{"create", "--url", "ftp://h.example/", "-e", "invitee.created"},
      Texts{"create", "--url", "https://u:p@h.example/", "-e", "invitee.created"},
      Texts{"create", "--url", "https://h.example/#x", "-e", "invitee.created"},
      Texts{"create", "--url", "https:///x", "-e", "invitee.created"},
      Texts{"create", "--url", "https://h.example/", "-e", "invitee.craeted"},
      Texts{"create", "--url", "https://h.example/", "-e", "brand.new"},
      Texts{"create", "--url", "https://h.example/", "-e", "routing_form_submission.created"},
      Texts{"create", "--url", "https://h.example/", "-e", "meeting_recap.created", "--scope", "organization"},
      Texts{"create", "--url", "https://h.example/", "-e", "invitee.created", "--scope", "organization", "--user", "u"},
      Texts{"create", "--url", "https://h.example/", "-e", "invitee.created", "--scope", "group"},
      Texts{"create", "--url", "https://h.example/", "-e", "invitee.created", "--user", "me"},
      Texts{"create", "--url", "https://h.example/", "-e", "invitee.created", "--organization", "a/b/c"},
      Texts{"list", "--scope", "organization", "--group", "g"}, Texts{"inspect", "a b"}, Texts{"inspect", "x/../me"},
      Texts{"delete", "users/me"}, Texts{"delete"}, Texts{"delete", "--all"}, Texts{"api", "/users/me\r\nX-Evil: 1"});
  InProcess program;
  const auto run = program.run(arguments);
  INFO(arguments.back() << '\n' << run.err);
  CHECK(run.status == 2);
  CHECK(run.out.empty());
  CHECK(run.sent.empty());
  CHECK(run.err.find("bookafy: error: ") == 0);
}

TEST_CASE("the parts of a list are asked for before the first is read") {
  InProcess program;
  const auto run = program.run({"list", "--organization", organization, "--user", user, "--page-size", "1"});
  REQUIRE(program.network.requests.size() >= 2);
  CHECK(program.network.requests[0].url.find("scope=user") != std::string::npos);
  CHECK(program.network.requests[1].url.find("scope=organization") != std::string::npos);
}

TEST_CASE("a create that is refused tells the look-alike reasons apart") {
  struct Row {
    std::string token;
    Texts arguments;
    int status;
    std::string hint;
  };
  const auto row =
      GENERATE(Row{"sandbox-member",
                   {"--scope", "organization", "-e", "invitee.created"},
                   4,
                   "members can subscribe with --scope user only"},
               Row{"sandbox-basic",
                   {"--scope", "organization", "-e", "routing_form_submission.created"},
                   4,
                   "this organization's plan is \"basic\""},
               Row{"sandbox-bare400", {"-e", "invitee.created"}, 2, "scheduled_events:read, webhooks:write"},
               Row{"sandbox-owner",
                   {"-e", "invitee.created", "--user", "6ecd8c99-4036-403d-bf84-cf8400f67836"},
                   4,
                   "for its own user only"},
               Row{"sandbox-basic",
                   {"--scope", "organization", "-e", "invitee.created", "--organization", organization},
                   4,
                   "belongs to another organization"});
  InProcess program;
  program.token = row.token;
  Texts arguments{"create", "--url", "https://h.example/refused"};
  arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
  const auto run = program.run(arguments);
  INFO(run.err);
  CHECK(run.status == row.status);
  CHECK(run.out.empty());
  CHECK(run.err.find("\n  hint: ") != std::string::npos);
  CHECK(run.err.find(row.hint) != std::string::npos);
}
