#include "commands/remove.hpp"

#include <fmt/format.h>

#include "commands/event_names.hpp"
#include "commands/resource_input.hpp"
#include "commands/tally.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {
namespace {

constexpr std::string_view for_callback_url = "to delete the subscriptions of a callback URL, use --url";

/// Throws Error (server) for a row without a usable URI.
Resource listed_subscription(const Value& row) {
  const std::string uri = row.text_at("uri");
  if (auto resource = parse_resource_of(ResourceKind::subscription, uri)) return *resource;
  throw Error(ErrorKind::server, fmt::format("the server's {} is not the URI of a subscription", uri));
}

bool is_by_filter(const DeleteArgs& args) { return args.all || args.scope || !args.filter.empty(); }

void check(const DeleteArgs& args, const Context& context) {
  if (args.subscriptions.empty() && !is_by_filter(args)) {
    Error error(ErrorKind::usage, "nothing says what to delete");
    error.hint =
        "name subscriptions, give - to read them from standard input, or filter with --url, --state, --scope or --all";
    throw error;
  }
  if (!args.subscriptions.empty() && is_by_filter(args))
    throw Error(ErrorKind::usage, "subscriptions are named and filtered at once: give one or the other");
  check_owner(args.owner, args.scope);
  if (!is_by_filter(args)) return;
  if (context.key_for_curl)
    throw Error(ErrorKind::usage,
                "--curl cannot show a delete by filter: what it deletes is known only once the list is read");
  if (args.yes || args.dry_run || context.ask) return;
  Error error(ErrorKind::usage, "a delete by filter asks first, and there is nobody to ask");
  error.hint = "look with --dry-run, then confirm with --yes";
  throw error;
}

std::vector<Resource> named(const DeleteArgs& args, Context& context) {
  std::vector<Resource> resources;
  for (const std::string& text : args.subscriptions) {
    if (text != "-") {
      resources.push_back(named_subscription(text, for_callback_url));
      continue;
    }
    while (auto line = context.in.line())
      if (const auto name = without_blanks(*line); !name.empty())
        resources.push_back(named_subscription(name, for_callback_url));
  }
  return resources;
}

std::vector<Resource> matching(const DeleteArgs& args, Context& context) {
  warn_of_unknown_events(args.filter.events, context);
  Subscriptions subscriptions({.scope = args.scope, .owner = args.owner}, context);
  std::vector<Resource> resources;
  while (auto row = subscriptions.next()) {
    if (!args.filter.matches(*row)) continue;
    resources.push_back(listed_subscription(*row));
    if (!args.yes && !args.dry_run)
      context.messages.trace(
          fmt::format("  {}  {}  {}", resources.back().id, row->text_at("callback_url"), row->text_at("state")));
  }
  return resources;
}

bool confirmed(std::size_t count, const Context& context) {
  const std::string answer =
      context.ask(fmt::format("Delete {} subscription{}? [y/N] ", count, count == 1 ? "" : "s"), false);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

ExitStatus run(const DeleteArgs& args, Context& context) {
  check(args, context);
  Client& client = context.client();
  if (args.jobs > 0) client.limit_jobs(args.jobs);
  const bool by_filter = is_by_filter(args);
  const std::vector<Resource> resources = by_filter ? matching(args, context) : named(args, context);
  if (resources.empty()) context.messages.note(by_filter ? "no subscription matches" : "nothing to delete");
  if (by_filter && !resources.empty() && !args.yes && !args.dry_run && !confirmed(resources.size(), context))
    throw Error(ErrorKind::internal, "not confirmed; nothing was deleted");

  output::Layout layout = context.layout;
  // The URIs are the result: a table would shorten them to ids.
  if (layout.format == output::Format::table) layout.format = output::Format::uri;
  output::Printer printer(context.out, layout, {"uri"}, output::Shape::many);
  auto print = [&](const Resource& resource) { printer.print(Value::Object{{"uri", client.uri(resource)}}); };
  Tally tally(context);
  if (args.dry_run) {
    for (const Resource& resource : resources) print(resource);
    context.messages.note(fmt::format("would delete {}; nothing was deleted", resources.size()));
  } else {
    std::size_t not_begun = 0;
    client.remove_many(resources, [&](const Outcome& outcome) {
      if (outcome.not_begun) {
        ++not_begun;
        return;
      }
      if (outcome.error && outcome.error->kind == ErrorKind::not_found && args.ignore_missing)
        context.messages.note(fmt::format("{} is not there", outcome.resource.id));
      else if (outcome.error)
        return tally.failure(*outcome.error);
      else
        print(outcome.resource);
      tally.success();
    });
    if (not_begun > 0) context.messages.note(fmt::format("{} were not begun after the 401", not_begun));
  }
  printer.finish();
  return tally.status();
}

}  // namespace bookafy::commands
