#include <fmt/format.h>

#include <array>

#include "bookafy/event.hpp"
#include "cli/definition.hpp"
#include "commands/trigger_sandbox.hpp"

namespace bookafy::cli {
namespace {

void add_tolerance(CLI::App& app, int& target) {
  app.add_option("--tolerance", target, "Seconds that the signed time may be away from now (default: 180)")
      ->check(whole_number(0, 100'000'000))
      ->type_name("S");
}

/// `500KB` or `1MiB` to a number of bytes.
CLI::Validator size_in_bytes() {
  const CLI::AsSizeValue read(false);
  auto transform = [read](std::string& text) -> std::string {
    const std::string given = text;
    try {
      if (read(text).empty()) return "";
    } catch (const CLI::ValidationError&) {  // for an unknown unit
    }
    return fmt::format("use a size such as 500KB or 1MiB{}{}", value_mark, given);
  };
  return CLI::Validator(transform, "");
}

void define_verify(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::VerifyArgs>(app, target);
  app.add_option("--signing-key-file", args->signing_key_file,
                 "File with the subscription's signing key; - is standard input")
      ->required()
      ->type_name("FILE");
  app.add_option("--signature", args->signature, "What the delivery has in its signature header")
      ->required()
      ->type_name("HEADER");
  add_tolerance(app, args->tolerance);
  app.add_option("--at", args->at, "Check as of this time (default: now)")->type_name("TIME");
  app.add_option("body", args->body, "File with the raw body; - is standard input, and the default")
      ->type_name("BODY_FILE");
}

void define_listen(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::ListenArgs>(app, target);
  app.add_option("--bind", args->bind, "Where to listen; port 0 is any free one (default: 127.0.0.1:8026)")
      ->type_name("ADDR:PORT");
  app.add_option("--signing-key-file", args->signing_key_file,
                 "File with the signing key that deliveries are checked with; - is standard input")
      ->type_name("FILE");
  add_tolerance(app, args->tolerance);
  app.add_option("-e,--event,--events", args->events, "Only these events; others are answered 200 and forgotten")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("EVENT");
  app.add_option("--forward-to", args->forward_to,
                 "Pass each delivery on: without --store the target's status is the answer, with it the target is "
                 "tried until it took it")
      ->type_name("URL");
  app.add_option("--exec", args->exec, "Run this line of shell for each delivery, the body on its standard input")
      ->type_name("CMD");
  app.add_option("--store", args->store, "Keep the deliveries in this file")->type_name("FILE");
  app.add_option("--max-body", args->max_body, "Largest body taken, with a unit like KiB or MiB (default: 1MiB)")
      ->transform(size_in_bytes())
      ->check(whole_number(1, std::int64_t{1} << 30))
      ->type_name("SIZE");
  app.add_option("--subscribe", args->subscribe,
                 "Subscribe this URL, where the API reaches us, while listening, with a fresh signing key")
      ->type_name("PUBLIC_URL");
  app.add_option_function<std::string>(
         "--scope", [args](const std::string& name) { args->scope = *parse_scope(name); },
         "With --subscribe: whose events: user, organization or group (default: user)")
      ->check(one_of(scope_names()))
      ->type_name("SCOPE");
  add_owner_options(app, args->owner);
}

void define_trigger(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::TriggerArgs>(app, target);
  app.add_option("event", args->event,
                 "Which event to send a sample of; or book, cancel, reschedule, no-show, submit-form")
      ->required()
      ->type_name("EVENT");
  app.add_option("invitee", args->invitee, "Whom it happens to: a URI, or EVENT/INVITEE")->type_name("INVITEE");
  app.add_option("--host", args->host, "With book: the user booked with, a URI or id (default: the token's)")
      ->type_name("USER");
  app.add_option("--to", args->to, "Where to send it")->type_name("URL");
  app.add_option("--signing-key-file", args->signing_key_file, "File with the key to sign with; - is standard input")
      ->type_name("FILE");
  app.add_option("--count", args->count, "How many, each of another booking (default: 1)")
      ->check(whole_number(1, 1'000'000))
      ->type_name("N");
  app.add_option("--at", args->at, "When it happens and is signed (default: now)")->type_name("TIME");
  app.add_option("--data", args->data,
                 "Change a field: a dotted path and its value; or a file with a JSON object of fields")
      ->allow_extra_args(false)
      ->type_name("FILE|KEY=VALUE");
  app.add_flag("--dry-run", args->dry_run, "Print the bodies instead of sending them");
}

void define_bookings(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::BookingsArgs>(app, target);
  app.add_option("--store", args->store, "The file that listen keeps")->required()->type_name("FILE");
  app.add_option("--status", args->status, "active, canceled or rescheduled (default: all)")
      ->check(one_of({"active", "canceled", "rescheduled"}))
      ->type_name("STATUS");
  auto* sync = app.add_flag("--sync", args->sync, "First take in from the API what no delivery told of");
  app.add_option("--since", args->since, "With --sync: only events that begin at this time or later")
      ->needs(sync)
      ->type_name("TIME");
  add_owner_options(app, args->owner);
}

void define_deliveries(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::DeliveriesArgs>(app, target);
  app.add_option("--store", args->store, "The file that listen keeps")->required()->type_name("FILE");
  app.add_option("-e,--event", args->event, "Only this event")->type_name("EVENT");
  app.add_option("--since", args->since, "Only those received at this time or later")->type_name("TIME");
  app.add_option("--replay", args->replay, "Send them again to this URL, freshly signed")->type_name("URL");
  app.add_option("--signing-key-file", args->signing_key_file, "File with the key to sign with; - is standard input")
      ->type_name("FILE");
}

std::string sample_notes() {
  std::string text = "Events:\n";
  for (const Event& event : known_events()) text += fmt::format("  {:<32}{}\n", event.name, event.summary);
  return text + "\n" + commands::happening_notes();
}

constexpr unsigned api_requests = use::address | use::token_file | use::profile | use::retries | use::timeouts;

constexpr std::array listen_uses{
    ConditionalUse{api_requests, "requires --subscribe",
                   [](const CLI::App& command) { return command.count("--subscribe") > 0; }},
    ConditionalUse{
        use::trust, "requires --subscribe or --forward-to",
        [](const CLI::App& command) { return command.count("--subscribe") > 0 || command.count("--forward-to") > 0; }},
};

constexpr std::array trigger_uses{
    ConditionalUse{
        use::token_file | use::retries, "requires one of book, cancel, reschedule, no-show and submit-form",
        [](const CLI::App& command) { return commands::is_happening(command.get_option("event")->as<std::string>()); }},
    ConditionalUse{use::timeouts | use::trust | use::curl | use::rows, "has no effect with --dry-run",
                   [](const CLI::App& command) { return command.count("--dry-run") == 0; }},
};

constexpr std::array bookings_uses{
    ConditionalUse{use::requests, "requires --sync",
                   [](const CLI::App& command) { return command.count("--sync") > 0; }},
};

constexpr std::array deliveries_uses{
    ConditionalUse{use::timeouts | use::trust | use::curl, "requires --replay",
                   [](const CLI::App& command) { return command.count("--replay") > 0; }},
};

constexpr std::array delivery_table{
    Definition{"Deliveries", "listen", "Receive deliveries, check and keep them, pass them on",
               "bookafy listen --signing-key-file key --store bookings.db\n"
               "bookafy listen --subscribe https://tunnel.example.org --forward-to http://localhost:3000/hook",
               define_listen, nullptr, use::rows, listen_uses},
    Definition{"Deliveries", "trigger", "Send sample deliveries, or make a sandbox deliver",
               "bookafy trigger invitee.created --to http://127.0.0.1:8026 --signing-key-file key\n"
               "bookafy trigger invitee.canceled --dry-run --data name='Ana Petrova' --data tracking.utm_source=ad\n"
               "bookafy trigger cancel $(bookafy trigger book -o uri)",
               define_trigger, sample_notes, use::address | use::profile, trigger_uses},
    Definition{"Deliveries", "verify", "Check the signature of a delivery",
               "bookafy verify --signing-key-file key --signature 't=1795426200,v1=39a2…' body.json", define_verify,
               nullptr, 0},
    Definition{"Deliveries", "bookings", "Show the bookings that received deliveries tell of",
               "bookafy bookings --store bookings.db --status active\n"
               "bookafy bookings --store bookings.db --sync -o json",
               define_bookings, nullptr, use::rows, bookings_uses},
    Definition{"Deliveries", "deliveries", "Show received deliveries, or send them again",
               "bookafy deliveries --store bookings.db --since 2026-11-23T00:00:00Z\n"
               "bookafy deliveries --store bookings.db --replay http://localhost:3000/hook --signing-key-file key",
               define_deliveries, nullptr, use::rows, deliveries_uses},
};

}  // namespace

std::span<const Definition> delivery_definitions() { return delivery_table; }

}  // namespace bookafy::cli
