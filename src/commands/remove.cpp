#include "commands/remove.hpp"

#include <fmt/format.h>

#include "commands/tally.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {
namespace {

Resource parse(const std::string& text) {
  if (auto resource = parse_resource_of(ResourceKind::subscription, text)) return *resource;
  throw Error(ErrorKind::usage, fmt::format("{} is not the URI or id of a subscription", text));
}

std::vector<Resource> named(const DeleteArgs& args, Context& context) {
  std::vector<Resource> resources;
  for (const std::string& text : args.subscriptions) {
    if (text != "-") {
      resources.push_back(parse(text));
      continue;
    }
    while (auto line = context.in.line())
      if (!line->empty()) resources.push_back(parse(*line));
  }
  return resources;
}

}  // namespace

ExitStatus run(const DeleteArgs& args, Context& context) {
  const std::vector<Resource> resources = named(args, context);
  output::Layout layout = context.layout;
  // The URIs are the result: a table would shorten them to ids.
  if (layout.format == output::Format::table) layout.format = output::Format::uri;
  output::Printer printer(context.out, layout, {"uri"}, output::Shape::many);
  Tally tally(context);
  context.client().remove_many(resources, [&](const Outcome& outcome) {
    if (outcome.error && outcome.error->kind == ErrorKind::not_found && args.ignore_missing) {
      context.messages.note(fmt::format("{} is not there", outcome.resource.id));
      tally.success();
    } else if (outcome.error) {
      tally.failure(*outcome.error);
    } else {
      printer.print(Value::Object{{"uri", context.client().uri(outcome.resource)}});
      tally.success();
    }
  });
  printer.finish();
  return tally.status();
}

}  // namespace bookafy::commands
