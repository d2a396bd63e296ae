#include <array>

#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

void add_events_option(CLI::App& app, std::vector<std::string>& events) {
  app.add_option("-e,--event,--events", events, "Event; repeat it or join several with commas (default: the old ones)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("EVENT");
}

void add_list_scope_option(CLI::App& app, std::optional<Scope>& scope) {
  auto names = scope_names();
  names.insert(names.begin(), "all");
  app.add_option_function<std::string>(
         "--scope", [&scope](const std::string& name) { scope = parse_scope(name); },
         "Which: all, user, organization or group (default: all)")
      ->check(one_of(names))
      ->type_name("SCOPE");
}

void define_replace(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::ReplaceArgs>(app, target);
  app.add_option("subscription", args->subscription, "URI or id of the old one")->required()->type_name("SUBSCRIPTION");
  app.add_option("--url", args->url, "Callback URL (default: the old one)")->type_name("URL");
  add_events_option(app, args->events);
  app.add_option("--signing-key-file", args->signing_key_file,
                 "File with the key that signs deliveries; - is standard input")
      ->type_name("FILE");
  app.add_option("--generate-signing-key", args->generate_signing_key,
                 "Make a key and write it to this new file, mode 0600")
      ->type_name("FILE")
      ->excludes("--signing-key-file");
  app.add_flag("--dry-run", args->dry_run, "Print the body that would be sent, and change nothing");
  app.add_flag("--allow-unknown-event", args->allow_unknown_event, "Send event names that this version does not know");
}

void define_check(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::CheckArgs>(app, target);
  add_list_scope_option(app, args->scope);
  add_owner_options(app, args->owner);
  app.add_option_function<double>(
         "--wait",
         [args](double seconds) {
           args->wait = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000.0));
         },
         "Seconds to look again until nothing is found (default: 0)")
      ->check(seconds(0.0))
      ->type_name("S");
  app.add_flag("--all-profiles", args->all_profiles, "Check the account of every stored login");
}

void define_apply(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::ApplyArgs>(app, target);
  app.add_option("file", args->file, "YAML or JSON; - is standard input")->required()->type_name("FILE");
  add_owner_options(app, args->owner);
  app.add_option("--only", args->only, "Only callback URLs that match this pattern: * is any text, ? any character")
      ->type_name("GLOB");
  app.add_flag("--prune", args->prune, "Delete what the file does not name, in the scopes and owners that it names");
  app.add_flag("--dry-run", args->dry_run, "Show the plan, and change nothing");
  app.add_flag("--detailed-exitcode", args->detailed_exitcode,
               "With --dry-run: exit 11 when there are changes to make");
  app.add_flag("-y,--yes", args->yes, "Do not ask before replacing and deleting");
}

std::string apply_notes() {
  return "The file:\n"
         "  subscriptions:\n"
         "    - url: https://hooks.example.org/bookafy\n"
         "      scope: organization              # or user (the default), or group with group: ID\n"
         "      events: [invitee.created, invitee.canceled]\n"
         "      signing_key: {env: VARIABLE}     # or {file: PATH}; never the key itself\n"
         "\nReplacing and deleting is asked for first; where nobody can be asked it needs --yes.\n";
}

void define_export(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::ExportArgs>(app, target);
  add_list_scope_option(app, args->scope);
  add_owner_options(app, args->owner);
}

constexpr std::array check_uses{
    ConditionalUse{use::api_url | use::token_file | use::profile, "has no effect with --all-profiles",
                   [](const CLI::App& command) { return command.count("--all-profiles") == 0; }},
};

constexpr std::array provisioning_table{
    Definition{"Subscriptions", "replace", "Change or revive a subscription by making it anew",
               "bookafy replace 7c9e6679-7425-40de-944b-e07fc1f90ae7 --signing-key-file key\n"
               "bookafy replace 7c9e6679-7425-40de-944b-e07fc1f90ae7 -e invitee.created --generate-signing-key key",
               define_replace},
    Definition{"Subscriptions", "check", "Find subscriptions that are disabled, failing or overlapping",
               "bookafy check || echo 'something is wrong'\nbookafy check --wait 60 -o json", define_check, nullptr,
               use::allow_http | use::retries | use::timeouts | use::trust | use::curl | use::rows, check_uses},
    Definition{"Subscriptions", "apply", "Bring the account to what a file says",
               "bookafy apply subscriptions.yaml --dry-run\nbookafy apply subscriptions.yaml --prune --yes",
               define_apply, apply_notes},
    Definition{"Subscriptions", "export", "Print the subscriptions as a file for apply",
               "bookafy export > subscriptions.yaml\nbookafy export | bookafy apply --dry-run -", define_export,
               nullptr, use::requests | use::curl},
};

}  // namespace

std::span<const Definition> provisioning_definitions() { return provisioning_table; }

}  // namespace bookafy::cli
