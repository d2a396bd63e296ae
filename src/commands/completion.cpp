#include "commands/completion.hpp"

#include <fmt/format.h>

#include "commands/completion_scripts.hpp"
#include "commands/subscriptions.hpp"
#include "output/text.hpp"
#include "profile/profile.hpp"
#include "system/signals.hpp"

namespace bookafy::commands {
namespace {

/// For everything that a completion waits for: a token file that is a pipe, each request, each page.
constexpr std::chrono::seconds deadline{2};

void print(const std::string& text, const std::string& description, const CompleteArgs& args, Context& context) {
  context.out.write(fmt::format("{}{}\t{}\n", args.prefix, text, description));
}

void print_subscriptions(const CompleteArgs& args, Context& context) {
  context.out.flush();
  Subscriptions subscriptions({.owner = args.owner, .ahead = false}, context);
  while (const auto row = subscriptions.next()) {
    if (const auto resource = parse_resource_of(ResourceKind::subscription, row->text_at("uri")))
      print(resource->id, output::printable(row->text_at("callback_url")), args, context);
  }
}

}  // namespace

ExitStatus run(const CompletionArgs& args, Context& context) {
  context.out.write(args.shell == "bash" ? bash_script : args.shell == "zsh" ? zsh_script : fish_script);
  return 0;
}

ExitStatus run(const CompleteArgs& args, Context& context) {
  system::interrupt_after(deadline);
  for (const Candidate& candidate : args.candidates) print(candidate.text, candidate.description, args, context);
  if (args.rest == CompleteArgs::Rest::files) context.out.write(":files\n");
  if (args.rest == CompleteArgs::Rest::programs) context.out.write(":programs\n");
  if (args.live == CompleteArgs::Live::profiles)
    for (const std::string& name : profile::Profiles(context.environment).names()) print(name, "", args, context);
  if (args.live == CompleteArgs::Live::subscriptions) print_subscriptions(args, context);
  return 0;
}

}  // namespace bookafy::commands
