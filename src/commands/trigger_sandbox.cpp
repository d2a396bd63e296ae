#include "commands/trigger_sandbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "output/printer.hpp"
#include "sandbox/control.hpp"

namespace bookafy::commands {
namespace {

constexpr std::array happenings{
    Happening{"book", sandbox::control::bookings, false, "somebody books with --host; the invitee"},
    Happening{"cancel", sandbox::control::cancellations, true, "the invitee cancels; the invitee"},
    Happening{"reschedule", sandbox::control::reschedulings, true, "the invitee moves; the new invitee"},
    Happening{"submit-form", sandbox::control::submissions, false, "somebody fills in a routing form; the submission"},
    Happening{"no-show", sandbox::control::no_shows, true, "the host notes that the invitee did not come; the no-show"},
};

const Happening* find_happening(std::string_view word) {
  const auto found =
      std::find_if(happenings.begin(), happenings.end(), [&](const Happening& one) { return one.word == word; });
  return found == happenings.end() ? nullptr : &*found;
}

std::string uri_of(ResourceKind kind, std::string_view option, const std::string& text, Context& context) {
  const auto resource = kind == ResourceKind::invitee ? parse_resource(text, kind) : parse_resource_of(kind, text);
  if (!resource || resource->kind != kind || resource->id == "me" ||
      (kind == ResourceKind::invitee && resource->event.empty()))
    throw Error(ErrorKind::usage, fmt::format("{} {} is not the URI of one {}", option, text, to_string(kind)));
  return context.api_url() + resource->path();
}

void check(const TriggerArgs& args, const Happening& happening) {
  if (!args.to.empty() || args.count != 1 || !args.data.empty() || args.dry_run || !args.at.empty() ||
      !args.signing_key_file.empty())
    throw Error(ErrorKind::usage,
                fmt::format("trigger {} makes it happen in a sandbox, which delivers by itself: --to and the other "
                            "options of samples do not go with it",
                            args.event));
  if (happening.takes_invitee && args.invitee.empty())
    throw Error(ErrorKind::usage, fmt::format("trigger {} wants the URI of an invitee, or EVENT/INVITEE", args.event));
  if (!happening.takes_invitee && !args.invitee.empty())
    throw Error(ErrorKind::usage, fmt::format("trigger {} takes no invitee", args.event));
  if (!args.host.empty() && args.event != "book")
    throw Error(ErrorKind::usage, fmt::format("--host goes with trigger book, not with {}", args.event));
}

}  // namespace

std::span<const Happening> known_happenings() { return happenings; }

bool is_happening(std::string_view event) { return find_happening(event) != nullptr; }

ExitStatus run_happening(const TriggerArgs& args, Context& context) {
  const Happening& happening = *find_happening(args.event);
  check(args, happening);
  Value body{Value::Object()};
  if (happening.takes_invitee) body.set("invitee", uri_of(ResourceKind::invitee, "INVITEE", args.invitee, context));
  if (!args.host.empty()) body.set("host", uri_of(ResourceKind::user, "--host", args.host, context));
  const Value resource = sandbox::make_happen(context.client(), happening.endpoint, body);
  output::Printer printer(context.out, context.layout, {"uri", "created_at"}, output::Shape::one);
  printer.print(resource);
  printer.finish();
  return 0;
}

std::string happening_notes() {
  std::string text = "In a sandbox, which then delivers to its subscribers (what is printed):\n";
  for (const Happening& one : happenings)
    text +=
        fmt::format("  {:<32}{}\n", fmt::format("{}{}", one.word, one.takes_invitee ? " INVITEE" : ""), one.summary);
  return text;
}

}  // namespace bookafy::commands
