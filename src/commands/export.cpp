#include "commands/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "api/codec.hpp"
#include "api/unicode.hpp"
#include "bookafy/validation.hpp"
#include "commands/owner.hpp"
#include "commands/subscriptions.hpp"
#include "manifest/writer.hpp"

namespace bookafy::commands {
namespace {

/// yaml-cpp writes U+FFFD in the place of a noncharacter (U+FFFF and its like), and loses a carriage return.
bool is_writable(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = unicode::decode_at(text, i);
    if (!c || c->value < 0x20 || (c->value & 0xfffe) == 0xfffe || (c->value >= 0xfdd0 && c->value <= 0xfdef))
      return false;
    i += c->length;
  }
  return true;
}

/// Why apply could not keep it as it is; empty when it can.
std::string obstacle(const Subscription& present, bool is_taken) {
  if (!present.active()) return fmt::format("its state is {}", codec::encode(present.state));
  if (!parse_scope(present.scope)) return fmt::format("its scope {} is not known", codec::encode(present.scope));
  if (const auto problem = callback_url_problem(present.callback_url); !problem.empty()) return "its URL " + problem;
  if (present.events.empty()) return "it has no events";
  if (present.events.size() > manifest::most_events) return "it has too many events";
  if (std::find(present.events.begin(), present.events.end(), "") != present.events.end())
    return "one of its events has no name";
  if (!is_writable(present.callback_url) || !std::all_of(present.events.begin(), present.events.end(), is_writable))
    return "it has characters that a file cannot hold";
  if (owner(present).empty()) return "it does not say whose it is";
  if (is_taken) return "another one has the same URL, scope and owner";
  return {};
}

/// Scope and owner: what a file speaks of.
std::string whose(const Subscription& present) {
  return fmt::format("{} {} {}", present.scope, present.organization, owner(present));
}

manifest::Entry entry_of(const Subscription& present, const ExportArgs& args) {
  manifest::Entry entry{.url = present.callback_url, .scope = *parse_scope(present.scope), .events = present.events};
  std::sort(entry.events.begin(), entry.events.end());
  entry.events.erase(std::unique(entry.events.begin(), entry.events.end()), entry.events.end());
  entry.check_events = event_problems(entry.events, entry.scope, false).empty();
  // What the token says by itself is left out, so that the file serves for several accounts.
  if (!args.owner.organization.empty()) entry.organization = present.organization;
  if (!args.owner.user.empty()) entry.user = present.user;
  entry.group = present.group;
  if (entry.scope != Scope::user) entry.user.clear();
  if (entry.scope != Scope::group) entry.group.clear();
  return entry;
}

}  // namespace

ExitStatus run(const ExportArgs& args, Context& context) {
  check_owner(args.owner, args.scope);
  Subscriptions subscriptions({.scope = args.scope, .owner = args.owner}, context);
  manifest::Manifest entries;
  std::set<std::string> spoken_of;
  std::set<std::string> places;
  std::vector<std::pair<Subscription, std::string>> left_out;  // with why
  while (auto row = subscriptions.next()) {
    Subscription present = to_subscription(std::move(*row));
    const std::string place = fmt::format("{} {}", whose(present), normalized_url(present.callback_url));
    if (auto why = obstacle(present, places.contains(place)); !why.empty()) {
      left_out.emplace_back(std::move(present), std::move(why));
      continue;
    }
    spoken_of.insert(whose(present));
    places.insert(place);
    entries.push_back(entry_of(present, args));
  }
  std::vector<std::string> notes{
      "signing keys cannot be read back: where deliveries are signed add signing_key: {env: VARIABLE}"};
  for (auto& [present, why] : left_out) {
    if (spoken_of.contains(whose(present))) why += "; apply --prune would delete it";
    // Encoded: a comment ends where a line does, and URLs are strangers' text.
    notes.push_back(
        fmt::format("left out: {} {}: {}", codec::encode(present.uri), codec::encode(present.callback_url), why));
    context.messages.warning(fmt::format("left out {}: {}", present.uri, why));
  }
  std::sort(notes.begin() + 1, notes.end());
  manifest::sort(entries);
  const bool as_json = context.layout.format == output::Format::json || context.layout.format == output::Format::jsonl;
  context.out.write(as_json ? manifest::to_json(entries) : manifest::to_yaml(entries, notes));
  context.out.flush();
  return 0;
}

}  // namespace bookafy::commands
