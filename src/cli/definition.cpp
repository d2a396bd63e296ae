#include "cli/definition.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>

#include "bookafy/event.hpp"
#include "output/format.hpp"

namespace bookafy::cli {
namespace {

using commands::OwnerArgs;

/// Options write into `args`; when the command was given, the target gets them.
template <typename Args>
std::shared_ptr<Args> arguments_for(CLI::App& app, Command& target) {
  auto args = std::make_shared<Args>();
  app.final_callback([args, &target] { target = *args; });
  return args;
}

/// The help names the choices and ranges in words; CLI11 would add them to every type name.
CLI::Validator silent(CLI::Validator validator) { return validator.description(""); }

std::vector<std::string> scope_names() {
  std::vector<std::string> names;
  for (const Scope scope : all_scopes) names.emplace_back(to_string(scope));
  return names;
}

void add_owner_options(CLI::App& app, OwnerArgs& owner) {
  app.add_option("--organization", owner.organization, "Organization, a URI or id (default: the token's)")
      ->type_name("ORG");
  app.add_option("--user", owner.user, "User, a URI or id (default: the token's)")->type_name("USER");
  app.add_option("--group", owner.group, "Group, a URI or id")->type_name("GROUP");
}

void define_create(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::CreateArgs>(app, target);
  app.add_option("--url", args->url, "Callback URL: where deliveries go")->required()->type_name("URL");
  app.add_option("-e,--event,--events", args->events, "Event; repeat it or join several with commas")
      ->required()
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("EVENT");
  app.add_option_function<std::string>(
         "--scope", [args](const std::string& name) { args->scope = *parse_scope(name); },
         "Whose events: user, organization or group (default: user)")
      ->check(silent(CLI::IsMember(scope_names())))
      ->type_name("SCOPE");
  add_owner_options(app, args->owner);
  app.add_option("--signing-key-file", args->signing_key_file,
                 "File with the key that signs deliveries; - is standard input")
      ->type_name("FILE");
  app.add_flag("--allow-unknown-event", args->allow_unknown_event, "Send event names that this version does not know");
}

void define_list(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::ListArgs>(app, target);
  auto names = scope_names();
  names.insert(names.begin(), "all");
  app.add_option_function<std::string>(
         "--scope", [args](const std::string& name) { args->scope = parse_scope(name); },
         "Which: all, user, organization or group (default: all)")
      ->check(silent(CLI::IsMember(names)))
      ->type_name("SCOPE");
  add_owner_options(app, args->owner);
  app.add_option("--page-size", args->page_size, "Subscriptions a request, 1 to 100 (default: 100)")
      ->check(silent(CLI::Range(1, 100)))
      ->type_name("N");
}

void define_delete(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::DeleteArgs>(app, target);
  app.add_option("subscription", args->subscriptions, "URIs or ids; - reads one a line from standard input")
      ->required()
      ->type_name("SUBSCRIPTION");
  app.add_flag("--ignore-missing", args->ignore_missing, "One that is not there is no error");
}

void define_inspect(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::InspectArgs>(app, target);
  app.add_option("resource", args->resources,
                 "URIs, paths, EVENT/INVITEE, a subscription's id, or me; - reads them, or deliveries as JSON, from "
                 "standard input")
      ->required()
      ->type_name("RESOURCE");
  app.add_option("--jobs", args->jobs, "Requests in flight at most")
      ->check(silent(CLI::Range(1, 1000)))
      ->type_name("N");
}

void define_whoami(CLI::App& app, Command& target) { arguments_for<commands::WhoamiArgs>(app, target); }

void define_sandbox(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::SandboxArgs>(app, target);
  app.add_option("--bind", args->bind, "Where to listen (default: 127.0.0.1:8025; with a command any free port)")
      ->type_name("ADDR:PORT");
  app.add_option("--data", args->data_file, "Keep the data in this file (default: in memory)")->type_name("FILE");
  app.add_option("--rate-limit", args->rate_limit, "Requests a user and minute (default: 500)")
      ->check(silent(CLI::Range(1, 1'000'000)))
      ->type_name("N");
  app.add_option("--latency", args->latency, "Milliseconds added to every answer (default: 0)")
      ->check(silent(CLI::Range(0, 60'000)))
      ->type_name("MS");
  app.add_option("command", args->command, "Run this command inside, and end with its status; goes after --")
      ->type_name("COMMAND");
}

std::string events_notes() {
  std::string text = "Events and the scopes that allow them:\n";
  for (const Event& event : known_events()) text += fmt::format("  {:<32}{}\n", event.name, scopes_text(event));
  return text;
}

constexpr std::array table{
    Definition{
        "Subscriptions", "create", "Create a webhook subscription",
        "bookafy create --url https://hooks.example.org/bookafy -e invitee.created,invitee.canceled\n"
        "bookafy create --url https://hooks.example.org/forms -e routing_form_submission.created --scope organization",
        define_create, events_notes},
    Definition{"Subscriptions", "list", "List webhook subscriptions",
               "bookafy list\nbookafy list --scope organization -o json", define_list},
    Definition{"Subscriptions", "delete", "Delete webhook subscriptions",
               "bookafy delete 7c9e6679-7425-40de-944b-e07fc1f90ae7\nbookafy list -o uri | bookafy delete -",
               define_delete},
    Definition{"Subscriptions", "inspect", "Show subscriptions, invitees, events and other resources",
               "bookafy inspect me\n"
               "bookafy inspect scheduled_events/EVENT/invitees/INVITEE --fields name,email,tracking.utm_source",
               define_inspect},
    Definition{"Account", "whoami", "Show whose token is used and what it can subscribe to",
               "bookafy whoami\nbookafy whoami -o json", define_whoami},
    Definition{"Tools", "sandbox", "Run the API on this machine, to try things out and to test",
               "bookafy sandbox\nbookafy sandbox -- sh -c 'bookafy whoami && bookafy list'", define_sandbox},
};

}  // namespace

std::span<const Definition> definitions() { return table; }

void define_global_options(CLI::App& app, GlobalOptions& options) {
  const std::vector<std::string> formats(output::format_names.begin(), output::format_names.end());
  app.add_option("--api-url", options.api_url, "The API (BOOKAFY_API_URL; default: https://api.bookafy.com)")
      ->type_name("URL");
  app.add_flag("--allow-http", options.allow_http,
               "Allow plain http to other machines: the token is readable on the way");
  app.add_option("--token-file", options.token_file,
                 "File with the access token, - is standard input (BOOKAFY_TOKEN_FILE, BOOKAFY_TOKEN)")
      ->type_name("FILE");
  app.add_option("-o,--output", options.output, "table, json, jsonl, csv, tsv or uri (BOOKAFY_OUTPUT; default: table)")
      ->check(silent(CLI::IsMember(formats)))
      ->type_name("FORMAT");
  app.add_option("--fields", options.fields, "Only these fields: dotted paths joined by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A,B");
  app.add_option("--color", options.color, "auto, always or never (NO_COLOR, CLICOLOR_FORCE)")
      ->check(silent(CLI::IsMember({"auto", "always", "never"})))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", options.quiet, "Only results and errors");
  app.add_flag("-v,--verbose", options.verbose, "Show requests and answers on standard error, secrets masked");
  app.add_option("--timeout", options.timeout, "Seconds a request may take (default: 30)")
      ->check(silent(CLI::Range(0.001, 86'400.0)))
      ->type_name("S");
  app.add_option("--connect-timeout", options.connect_timeout, "Seconds for connecting (default: 10)")
      ->check(silent(CLI::Range(0.001, 86'400.0)))
      ->type_name("S");
  app.add_option("--ca-file", options.ca_file, "Trust these CA certificates and no others (BOOKAFY_CA_FILE)")
      ->type_name("FILE");
  app.add_option("--max-retries", options.max_retries,
                 "Further tries after a failure that is safe to retry (default: 4)")
      ->check(silent(CLI::Range(0, 100)))
      ->type_name("N");
  app.add_option("--max-wait", options.max_wait, "Longest single wait for a rate limit in seconds (default: 120)")
      ->check(silent(CLI::Range(0.0, 86'400.0)))
      ->type_name("S");
}

}  // namespace bookafy::cli
