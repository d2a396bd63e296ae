#include "commands/wishes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "bookafy/validation.hpp"
#include "commands/owner.hpp"
#include "commands/signing_key.hpp"
#include "commands/subscriptions.hpp"
#include "system/file.hpp"

namespace bookafy::commands {
namespace {

/// Relative to the file that names it, so that the command can be run from anywhere. Never `-`.
std::string key_path(const std::string& file, const std::string& name) {
  const auto folder = file == "-" ? std::filesystem::path() : std::filesystem::path(file).parent_path();
  return ((folder.empty() ? "." : folder) / name).string();
}

/// The source of a key and what is wrong with the key; empty when nothing is.
std::string described(const std::string& source, const Secret& key) {
  const auto problem = key_problem(key, KeyPurpose::send_to_api);
  return problem.empty() ? "" : fmt::format("{} {}", source, problem);
}

/// nullopt, and what is wrong in `problem`, when the key cannot be had.
std::optional<Secret> read_key(const std::string& file, const manifest::KeySource& source, Context& context,
                               std::string& problem) {
  std::optional<Secret> key;
  if (source.kind == manifest::KeySource::Kind::environment) {
    if (const auto value = context.environment.get(source.name)) key = system::to_secret(*value);
    problem = !key ? fmt::format("environment variable {} is not set", source.name)
                   : described("environment variable " + source.name, *key);
  } else {
    const std::string path = key_path(file, source.name);
    std::error_code failure;
    if (!std::filesystem::exists(path, failure))
      problem = fmt::format("file {} does not exist", path);
    else
      key = system::read_secret(path, context.in, "the signing key file");
    if (key) problem = described("file " + path, *key);
  }
  if (key) context.messages.add_secret(*key);
  return problem.empty() ? key : std::nullopt;
}

bool is_meant(const WishesArgs& args, const manifest::Entry& entry) {
  return args.only.empty() || url_matches(args.only, entry.url);
}

void read_keys(const WishesArgs& args, const std::string& name, Wishes& wishes, Context& context) {
  std::vector<manifest::Complaint> complaints;
  for (std::size_t i = 0; i < wishes.entries.size(); ++i) {
    const auto& source = wishes.entries[i].signing_key;
    if (!source || !is_meant(args, wishes.entries[i])) continue;
    std::string problem;
    wishes.subscriptions[i].signing_key = read_key(args.file, *source, context, problem);
    if (!problem.empty()) complaints.push_back({source->at, "signing_key: " + problem});
  }
  if (complaints.empty()) return;
  if (args.with_keys) manifest::fail(name, complaints);
  for (const auto& [at, text] : complaints)
    context.messages.warning(fmt::format("{}:{}:{}: {}", name, at.line, at.column, text));
}

/// One look at the token's user is enough for all entries.
void find_owners(const Owner& given, Wishes& wishes, Context& context) {
  bool wants_organization = false;
  bool wants_user = false;
  for (const manifest::Entry& entry : wishes.entries) {
    wants_organization = wants_organization || entry.organization.empty();
    wants_user = wants_user || (entry.scope == Scope::user && entry.user.empty());
  }
  Owner own;
  if (wants_organization || wants_user)
    own = find_owner(given, wants_user ? Scope::user : Scope::organization, context);
  auto pick = [](const std::string& named, const std::string& otherwise) { return named.empty() ? otherwise : named; };
  for (std::size_t i = 0; i < wishes.entries.size(); ++i) {
    manifest::Entry& entry = wishes.entries[i];
    const Owner owner = find_owner({.organization = pick(entry.organization, own.organization),
                                    .user = entry.scope == Scope::user ? pick(entry.user, own.user) : "",
                                    .group = entry.scope == Scope::group ? pick(entry.group, given.group) : ""},
                                   entry.scope, context);
    NewSubscription& wished = wishes.subscriptions[i];
    wished.organization = entry.organization = owner.organization;
    wished.user = entry.user = owner.user;
    wished.group = entry.group = owner.group;
  }
}

}  // namespace

std::string Wishes::key_source(std::size_t index) const {
  const auto& source = entries[index].signing_key;
  if (!source) return {};
  const bool is_variable = source->kind == manifest::KeySource::Kind::environment;
  return fmt::format("{} {}", is_variable ? "env" : "file", source->name);
}

Wishes read_wishes(const WishesArgs& args, Context& context) {
  const std::string name = args.file == "-" ? "standard input" : args.file;
  const std::string text = system::read_file(args.file, context.in, "the file", 2 * manifest::largest_text);
  Wishes wishes{.entries = manifest::read(text, name, !args.owner.group.empty()), .subscriptions = {}};
  for (const manifest::Entry& entry : wishes.entries) {
    wishes.subscriptions.push_back({.url = entry.url, .events = entry.events, .scope = entry.scope});
    if (const auto warning = callback_url_warning(entry.url); !warning.empty() && is_meant(args, entry))
      context.messages.warning(fmt::format("{}:{}: {} {}", name, entry.at.line, entry.url, warning));
  }
  read_keys(args, name, wishes, context);
  find_owners(args.owner, wishes, context);
  // An entry that names its owner can turn out to be the same as one that does not.
  if (const auto complaints = manifest::duplicates(wishes.entries); !complaints.empty())
    manifest::fail(name, complaints);
  return wishes;
}

}  // namespace bookafy::commands
