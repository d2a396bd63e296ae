#include "commands/create.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "bookafy/event.hpp"
#include "bookafy/validation.hpp"
#include "commands/replacement_failure.hpp"
#include "commands/signing_key.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {
namespace {

std::vector<std::string> without_duplicates(const std::vector<std::string>& events) {
  std::vector<std::string> unique;
  for (const std::string& event : events)
    if (std::find(unique.begin(), unique.end(), event) == unique.end()) unique.push_back(event);
  return unique;
}

void check(const CreateArgs& args) {
  if (const auto problem = callback_url_problem(args.url); !problem.empty())
    throw Error(ErrorKind::usage, fmt::format("--url {} {}", args.url, problem));
  const auto problems = event_problems(args.events, args.scope, args.allow_unknown_event);
  if (!problems.empty()) throw Error(ErrorKind::usage, fmt::format("{}", fmt::join(problems, "; ")));
  check_owner(args.owner, args.scope);
}

void warn(const CreateArgs& args, Context& context) {
  if (const auto warning = callback_url_warning(args.url); !warning.empty())
    context.messages.warning(fmt::format("{} {}", args.url, warning));
  for (const std::string& event : args.events)
    if (!find_event(event)) context.messages.warning(fmt::format("event {} is not known to this version", event));
}

Error in_the_way(const Subscription& present, const NewSubscription& wished) {
  Error error(ErrorKind::conflict, fmt::format("{} already uses this URL", present.uri));
  error.attempted = "cannot create the subscription";
  if (!present.active())
    error.message += fmt::format(" and is {}", present.state);
  else if (!same_events(present, wished))
    error.message += fmt::format(", with events {}", fmt::join(present.events, ", "));
  error.hint = "use --if-exists replace to recreate it";
  return error;
}

/// Takes an equal subscription as it is; another one goes where --if-exists replace says so.
Subscription settle_conflict(const CreateArgs& args, const NewSubscription& wished, const Subscription& present,
                             ChosenKey& key, Context& context) {
  if (present.active() && same_events(present, wished)) {
    context.messages.note(fmt::format("it exists already: {}", present.uri));
    if (key.is_new() && key.is_unused())
      context.messages.warning("it was made with another signing key or none: no new key was written");
    else if (wished.signing_key)
      context.messages.warning("whether it has this signing key cannot be seen");
    return present;
  }
  if (args.if_exists == IfExists::skip) {
    Error error = in_the_way(present, wished);
    key.explain(error);
    throw error;
  }
  if (!wished.signing_key) context.messages.warning(unsigned_warning);
  key.before_create();
  const Replacement outcome = context.client().replace({.present = {present}, .wished = wished});
  key.after_create(outcome.created);
  if (outcome.error) throw failure_of(outcome, key, present);
  context.messages.note(fmt::format("replaced {} with {}", present.uri, outcome.made->uri));
  return *outcome.made;
}

Subscription create(const CreateArgs& args, const NewSubscription& wished, ChosenKey& key, Context& context) {
  key.before_create();
  const CreateOutcome outcome = context.client().try_create(wished);
  key.after_create(certainty_of(outcome));
  if (const Subscription* subscription = find_subscription(outcome)) return *subscription;
  Error error = *find_error(outcome);
  if (error.status == 409) error.hint = "use --if-exists skip to keep it, --if-exists replace to recreate it";
  if (error.status == 409 && args.if_exists != IfExists::fail) {
    error.hint = "the subscription that exists is not in the list: this token may not see it";
    std::optional<Subscription> present;
    auto problem = error_of([&] { present = context.client().find_same_place(wished); });
    if (present) return settle_conflict(args, wished, *present, key, context);
    if (problem) error = std::move(*problem);
  }
  key.explain(error);
  throw error;
}

}  // namespace

ExitStatus run(const CreateArgs& args, Context& context) {
  check(args);
  NewSubscription wished{
      .url = url_with_ascii_host(args.url), .events = without_duplicates(args.events), .scope = args.scope};
  ChosenKey key({.file = args.signing_key_file, .generate = args.generate_signing_key}, context);
  context.client();  // without a token there is no more to say
  warn(args, context);
  const Owner owner = find_owner(args.owner, args.scope, context);
  wished.organization = owner.organization;
  wished.user = owner.user;
  wished.group = owner.group;
  key.generate(args.dry_run);
  wished.signing_key = key.secret();

  output::Layout layout = context.layout;
  if (args.dry_run && layout.format == output::Format::table) layout.format = output::Format::json;
  output::Printer printer(context.out, layout, {}, output::Shape::one);
  printer.print(args.dry_run ? subscription_body(wished, false) : create(args, wished, key, context).document);
  printer.finish();
  return 0;
}

}  // namespace bookafy::commands
