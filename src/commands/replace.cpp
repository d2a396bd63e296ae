#include "commands/replace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "bookafy/event.hpp"
#include "bookafy/validation.hpp"
#include "commands/replacement_failure.hpp"
#include "commands/resource_input.hpp"
#include "commands/signing_key.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {
namespace {

bool names_key(const ReplaceArgs& args) { return !args.signing_key_file.empty() || !args.generate_signing_key.empty(); }

Resource check(const ReplaceArgs& args) {
  Resource resource = named_subscription(args.subscription, "find its id with: bookafy list --url URL");
  if (args.url.empty()) return resource;
  if (const auto problem = callback_url_problem(args.url); !problem.empty())
    throw Error(ErrorKind::usage, fmt::format("--url {} {}", args.url, problem));
  return resource;
}

/// What is named is checked; what is taken over the server has accepted before.
void check_events(const ReplaceArgs& args, Scope scope) {
  const auto problems = event_problems(args.events, scope, args.allow_unknown_event);
  if (!problems.empty()) throw Error(ErrorKind::usage, fmt::format("{}", fmt::join(problems, "; ")));
}

NewSubscription wish(const ReplaceArgs& args, const Subscription& present) {
  const auto scope = parse_scope(present.scope);
  if (!scope) throw Error(ErrorKind::usage, fmt::format("the scope {} is not known to this version", present.scope));
  check_events(args, *scope);
  NewSubscription wished{.url = args.url.empty() ? present.callback_url : url_with_ascii_host(args.url),
                         .scope = *scope,
                         .organization = present.organization,
                         .user = present.user,
                         .group = present.group};
  for (const std::string& event : args.events.empty() ? present.events : args.events)
    if (std::find(wished.events.begin(), wished.events.end(), event) == wished.events.end())
      wished.events.push_back(event);
  return wished;
}

}  // namespace

ExitStatus run(const ReplaceArgs& args, Context& context) {
  const Resource resource = check(args);
  if (context.key_for_curl)
    throw Error(ErrorKind::usage, "--curl cannot show a replacement: what it sends depends on the old subscription");
  ChosenKey key({.file = args.signing_key_file, .generate = args.generate_signing_key}, context);
  const Subscription present = to_subscription(context.client().get(resource));
  NewSubscription wished = wish(args, present);

  output::Layout layout = context.layout;
  if (args.dry_run && layout.format == output::Format::table) layout.format = output::Format::json;
  output::Printer printer(context.out, layout, {}, output::Shape::one);
  if (present.active() && same_url(present.callback_url, wished.url) && same_events(present, wished) &&
      !names_key(args)) {
    context.messages.note(fmt::format("{} is already up to date", present.uri));
    printer.print(present.document);
    printer.finish();
    return 0;
  }
  if (const auto warning = callback_url_warning(wished.url); !warning.empty())
    context.messages.warning(fmt::format("{} {}", wished.url, warning));
  if (!names_key(args)) context.messages.warning(unsigned_warning);
  key.generate(args.dry_run);
  wished.signing_key = key.secret();
  if (args.dry_run) {
    printer.print(subscription_body(wished, false));
    printer.finish();
    return 0;
  }
  key.before_create();
  const Replacement outcome = context.client().replace({.present = {present}, .wished = wished});
  key.after_create(outcome.created);
  if (outcome.made) {
    printer.print(outcome.made->document);
    printer.finish();
  }
  if (outcome.error) throw failure_of(outcome, key, present);
  context.messages.note(fmt::format("replaced {} with {}", present.uri, outcome.made->uri));
  return 0;
}

}  // namespace bookafy::commands
