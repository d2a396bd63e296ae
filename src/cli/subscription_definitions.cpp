#include <fmt/format.h>

#include <array>

#include "bookafy/event.hpp"
#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

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
      ->check(one_of(scope_names()))
      ->type_name("SCOPE");
  add_owner_options(app, args->owner);
  app.add_option("--signing-key-file", args->signing_key_file,
                 "File with the key that signs deliveries; - is standard input")
      ->type_name("FILE");
  app.add_option("--generate-signing-key", args->generate_signing_key,
                 "Make a key and write it to this new file, mode 0600")
      ->type_name("FILE")
      ->excludes("--signing-key-file");
  app.add_option_function<std::string>(
         "--if-exists",
         [args](const std::string& name) {
           args->if_exists = name == "skip"      ? commands::IfExists::skip
                             : name == "replace" ? commands::IfExists::replace
                                                 : commands::IfExists::fail;
         },
         "When that URL is subscribed already: fail, skip or replace (default: fail)")
      ->check(one_of({"fail", "skip", "replace"}))
      ->type_name("WHAT");
  app.add_flag("--dry-run", args->dry_run, "Print the body that would be sent, and do not send it");
  app.add_flag("--allow-unknown-event", args->allow_unknown_event, "Send event names that this version does not know");
}

/// The scopes and `all`, which is no scope.
std::vector<std::string> scope_choices() {
  auto names = scope_names();
  names.insert(names.begin(), "all");
  return names;
}

void add_filter_options(CLI::App& app, commands::SubscriptionFilter& filter) {
  app.add_option("--url", filter.url, "Only callback URLs that match this pattern: * is any text, ? any character")
      ->type_name("GLOB");
  app.add_option("--state", filter.state, "Only active or disabled ones")
      ->check(one_of({"active", "disabled"}))
      ->type_name("STATE");
  app.add_option("-e,--event,--events", filter.events,
                 "Only those with one of these events; repeat it or join with commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("EVENT");
}

void define_list(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::ListArgs>(app, target);
  app.add_option_function<std::string>(
         "--scope", [args](const std::string& name) { args->scope = parse_scope(name); },
         "Which: all, user, organization or group (default: all)")
      ->check(one_of(scope_choices()))
      ->type_name("SCOPE");
  add_owner_options(app, args->owner);
  add_filter_options(app, args->filter);
  app.add_option("--sort", args->sort, "created_at:asc or created_at:desc")
      ->check(one_of({"created_at:asc", "created_at:desc"}))
      ->type_name("ORDER");
  app.add_option("--limit", args->limit, "Stop after so many")->check(whole_number(1, 1'000'000'000))->type_name("N");
  app.add_option("--page-size", args->page_size, "Subscriptions a request, 1 to 100 (default: 100)")
      ->check(whole_number(1, 100))
      ->type_name("N");
}

void define_delete(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::DeleteArgs>(app, target);
  app.add_option("subscription", args->subscriptions, "URIs or ids; - reads one a line from standard input")
      ->type_name("SUBSCRIPTION");
  app.add_option_function<std::string>(
         "--scope",
         [args](const std::string& name) {
           args->scope = parse_scope(name);
           args->all = args->all || !args->scope;
         },
         "All of this scope: user, organization, group or all")
      ->check(one_of(scope_choices()))
      ->type_name("SCOPE");
  add_owner_options(app, args->owner);
  add_filter_options(app, args->filter);
  app.add_flag("--all", args->all, "Everything that the token can see");
  app.add_flag("-y,--yes", args->yes, "Do not ask before deleting by filter");
  app.add_flag("--ignore-missing", args->ignore_missing, "One that is not there is no error");
  app.add_flag("--dry-run", args->dry_run, "Print what would be deleted, and delete nothing");
  add_jobs_option(app, args->jobs);
}

void define_inspect(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::InspectArgs>(app, target);
  app.add_option("resource", args->resources,
                 "URIs, paths, EVENT/INVITEE, a subscription's id, me, or e-mail addresses of invitees; - reads them, "
                 "or deliveries as JSON, from standard input")
      ->required()
      ->type_name("RESOURCE");
  add_jobs_option(app, args->jobs);
  app.add_flag("--follow", args->follow, "Add what a rescheduled invitee became or came from");
}

std::string events_notes() {
  std::string text = "Events and the scopes that allow them:\n";
  for (const Event& event : known_events()) text += fmt::format("  {:<32}{}\n", event.name, scopes_text(event));
  return text;
}

constexpr std::array subscription_table{
    Definition{
        "Subscriptions", "create", "Create a webhook subscription",
        "bookafy create --url https://hooks.example.org/bookafy -e invitee.created,invitee.canceled\n"
        "bookafy create --url https://hooks.example.org/forms -e routing_form_submission.created --scope organization",
        define_create, events_notes},
    Definition{"Subscriptions", "list", "List webhook subscriptions",
               "bookafy list\nbookafy list --state disabled -o uri", define_list},
    Definition{"Subscriptions", "delete", "Delete webhook subscriptions",
               "bookafy delete 7c9e6679-7425-40de-944b-e07fc1f90ae7\nbookafy delete --url 'https://old.example.org/*' "
               "--dry-run",
               define_delete},
    Definition{"Subscriptions", "inspect", "Show subscriptions, invitees, events and other resources",
               "bookafy inspect me\n"
               "bookafy inspect scheduled_events/EVENT/invitees/INVITEE --fields name,email,tracking.utm_source",
               define_inspect},
};

}  // namespace

std::span<const Definition> subscription_definitions() { return subscription_table; }

}  // namespace bookafy::cli
