#include "commands/create.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bookafy/event.hpp"
#include "bookafy/validation.hpp"
#include "output/printer.hpp"
#include "system/file.hpp"

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

}  // namespace

ExitStatus run(const CreateArgs& args, Context& context) {
  check(args);
  NewSubscription wished{.url = args.url, .events = without_duplicates(args.events), .scope = args.scope};
  if (!args.signing_key_file.empty()) {
    wished.signing_key = system::read_secret(args.signing_key_file, context.in, "the signing key file");
    if (wished.signing_key->empty()) throw Error(ErrorKind::usage, "the signing key is empty");
    context.messages.add_secret(*wished.signing_key);
  }
  Client& client = context.client();
  warn(args, context);
  const Owner owner = find_owner(args.owner, args.scope, context);
  wished.organization = owner.organization;
  wished.user = owner.user;
  wished.group = owner.group;

  output::Printer printer(context.out, context.layout, {}, output::Shape::one);
  printer.print(client.create(wished).document);
  printer.finish();
  return 0;
}

}  // namespace bookafy::commands
