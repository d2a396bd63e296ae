#include "manifest/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "bookafy/error.hpp"
#include "bookafy/event.hpp"
#include "bookafy/resource.hpp"
#include "bookafy/validation.hpp"

namespace bookafy::manifest {
namespace {

// Beyond these nobody reads on.
constexpr std::size_t most_complaints = 20;

constexpr std::array<std::string_view, 2> top_keys{"subscriptions", "$schema"};
constexpr std::array<std::string_view, 8> entry_keys{"url",  "scope", "events",      "organization",
                                                     "user", "group", "signing_key", "check_events"};
constexpr std::array<std::string_view, 2> key_source_keys{"env", "file"};

std::string_view kind_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::text: return "a text";
    case Node::Kind::list: return "a list";
    case Node::Kind::map: return "a map";
  }
  return "";
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const std::string meant = nearest(word, names);
  return meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
}

/// Reads the tree and collects what is wrong with it.
class Reader {
 public:
  explicit Reader(bool group_is_known) : group_is_known_(group_is_known) {}
  Manifest read(const Node& document);
  std::vector<Complaint> take_complaints() { return std::move(complaints_); }

 private:
  void complain(Position at, std::string text) { complaints_.push_back({at, std::move(text)}); }
  bool expect(const Item& item, Node::Kind kind, std::string_view what);
  const Item* member(const Node& map, std::string_view key) const;
  void check_keys(const Node& map, std::span<const std::string_view> names);

  std::optional<Entry> read_entry(const Item& item);
  std::string read_url(const Node& map, Position at);
  std::optional<Scope> read_scope(const Node& map);
  std::string read_owner(const Node& map, std::string_view key, ResourceKind kind);
  bool read_flag(const Node& map, std::string_view key, bool otherwise);
  std::vector<std::string> read_events(const Node& map, Position at, Scope scope, bool checked);
  void check_event(const Item& item, Scope scope);
  std::optional<KeySource> read_signing_key(const Node& map);
  void check_owners(const Entry& entry, const Node& map);

  bool group_is_known_;
  std::vector<Complaint> complaints_;
};

bool Reader::expect(const Item& item, Node::Kind kind, std::string_view what) {
  if (item.node->kind == kind) return true;
  complain(item.at, fmt::format("{} is expected, this is {}", what, kind_text(*item.node)));
  return false;
}

const Item* Reader::member(const Node& map, std::string_view key) const {
  const auto found = std::find_if(map.items.begin(), map.items.end(), [&](const Item& one) { return one.key == key; });
  return found == map.items.end() ? nullptr : &*found;
}

void Reader::check_keys(const Node& map, std::span<const std::string_view> names) {
  for (const Item& item : map.items) {
    if (std::find(names.begin(), names.end(), item.key) != names.end()) continue;
    if (item.key == "<<")
      complain(item.key_at, "maps cannot be merged (<<) here; give each value an alias of its own");
    else
      complain(item.key_at, fmt::format("unknown key {}{}", item.key, did_you_mean(item.key, names)));
  }
}

Manifest Reader::read(const Node& document) {
  Manifest entries;
  const Item root{.at = document.at, .node = std::make_shared<const Node>(document)};
  if (document.kind == Node::Kind::null) {
    complain(document.at, "there is nothing in it; an account without subscriptions is written subscriptions: []");
    return entries;
  }
  if (!expect(root, Node::Kind::map, "a map with the key subscriptions")) return entries;
  check_keys(document, top_keys);
  const Item* list = member(document, "subscriptions");
  if (!list) complain(document.at, "the key subscriptions is missing");
  if (!list || !expect(*list, Node::Kind::list, "a list of subscriptions")) return entries;
  for (const Item& item : list->node->items)
    if (auto entry = read_entry(item)) entries.push_back(std::move(*entry));
  for (Complaint& complaint : duplicates(entries)) complaints_.push_back(std::move(complaint));
  return entries;
}

std::optional<Entry> Reader::read_entry(const Item& item) {
  if (!expect(item, Node::Kind::map, "a map with url and events")) return std::nullopt;
  const Node& map = *item.node;
  const auto before = complaints_.size();
  check_keys(map, entry_keys);
  Entry entry{.url = read_url(map, item.at), .at = item.at};
  const auto scope = read_scope(map);
  entry.scope = scope.value_or(Scope::user);
  entry.check_events = read_flag(map, "check_events", true);
  // Without a scope that is known, complaints about events that it does not allow would mislead.
  entry.events = read_events(map, item.at, entry.scope, entry.check_events && scope);
  entry.organization = read_owner(map, "organization", ResourceKind::organization);
  entry.user = read_owner(map, "user", ResourceKind::user);
  entry.group = read_owner(map, "group", ResourceKind::group);
  if (scope) check_owners(entry, map);
  entry.signing_key = read_signing_key(map);
  if (complaints_.size() != before) return std::nullopt;
  return entry;
}

std::string Reader::read_url(const Node& map, Position at) {
  const Item* url = member(map, "url");
  if (!url) complain(at, "the key url is missing");
  if (!url || !expect(*url, Node::Kind::text, "a URL")) return {};
  const std::string& text = url->node->text;
  if (const auto problem = callback_url_problem(text); !problem.empty())
    complain(url->at, fmt::format("the URL {} {}", text, problem));
  return url_with_ascii_host(text);
}

/// nullopt when it is there and is none.
std::optional<Scope> Reader::read_scope(const Node& map) {
  const Item* item = member(map, "scope");
  if (!item) return Scope::user;
  if (!expect(*item, Node::Kind::text, "organization, user or group")) return std::nullopt;
  if (auto scope = parse_scope(item->node->text)) return scope;
  std::vector<std::string_view> names;
  names.reserve(all_scopes.size());
  for (const Scope scope : all_scopes) names.push_back(to_string(scope));
  complain(item->at, fmt::format("{} is no scope; there are organization, user and group{}", item->node->text,
                                 did_you_mean(item->node->text, names)));
  return std::nullopt;
}

std::string Reader::read_owner(const Node& map, std::string_view key, ResourceKind kind) {
  const Item* item = member(map, key);
  if (!item || !expect(*item, Node::Kind::text, fmt::format("the URI or id of one {}", key))) return {};
  const std::string& text = item->node->text;
  const auto resource = parse_resource_of(kind, text);
  if (resource && resource->id != "me") return text;
  complain(item->at, fmt::format("{} is not the URI or id of one {}", text, key));
  return {};
}

void Reader::check_owners(const Entry& entry, const Node& map) {
  const Item* user = member(map, "user");
  const Item* group = member(map, "group");
  if (user && entry.scope != Scope::user)
    complain(user->key_at, fmt::format("user does not go with scope {}", to_string(entry.scope)));
  if (group && entry.scope != Scope::group)
    complain(group->key_at, fmt::format("group does not go with scope {}", to_string(entry.scope)));
  if (!group && entry.scope == Scope::group && !group_is_known_) complain(entry.at, "scope group needs the key group");
}

bool Reader::read_flag(const Node& map, std::string_view key, bool otherwise) {
  const Item* item = member(map, key);
  if (!item || !expect(*item, Node::Kind::text, "true or false")) return otherwise;
  if (item->node->text == "true") return true;
  if (item->node->text == "false") return false;
  complain(item->at, fmt::format("true or false is expected, this is {}", item->node->text));
  return otherwise;
}

std::vector<std::string> Reader::read_events(const Node& map, Position at, Scope scope, bool checked) {
  std::vector<std::string> events;
  const Item* list = member(map, "events");
  if (!list) complain(at, "the key events is missing");
  if (!list || !expect(*list, Node::Kind::list, "a list of events")) return events;
  if (list->node->items.empty()) complain(list->at, "at least one event is expected");
  if (list->node->items.size() > most_events) {
    complain(list->at, fmt::format("more than {} events", most_events));
    return events;
  }
  for (const Item& item : list->node->items) {
    if (!expect(item, Node::Kind::text, "the name of an event")) continue;
    const std::string& name = item.node->text;
    if (name.empty())
      complain(item.at, "the name of an event is expected, this is empty");
    else if (std::find(events.begin(), events.end(), name) != events.end())
      complain(item.at, fmt::format("the event {} is given twice", name));
    else if (checked)
      check_event(item, scope);
    events.push_back(name);
  }
  return events;
}

void Reader::check_event(const Item& item, Scope scope) {
  const std::string& name = item.node->text;
  if (const Event* event = find_event(name)) {
    if (allows(*event, scope)) return;
    return complain(item.at, fmt::format("the event {} is not allowed with scope {}: it wants {}; events with "
                                         "different scopes need two subscriptions",
                                         name, to_string(scope), scopes_text(*event)));
  }
  std::vector<std::string_view> names;
  for (const Event& event : known_events()) names.push_back(event.name);
  const std::string guess = did_you_mean(name, names);
  complain(item.at, fmt::format("unknown event {}{}", name,
                                guess.empty() ? "; with check_events: false it is sent all the same" : guess));
}

std::optional<KeySource> Reader::read_signing_key(const Node& map) {
  const Item* item = member(map, "signing_key");
  if (!item) return std::nullopt;
  // Whatever stands here may be the key: nothing of it is quoted.
  if (item->node->kind == Node::Kind::text) {
    complain(item->at,
             "a signing key does not belong into this file: write {env: VARIABLE} or {file: PATH}, and replace the key "
             "if this one was ever shared");
    return std::nullopt;
  }
  if (!expect(*item, Node::Kind::map, "{env: VARIABLE} or {file: PATH}")) return std::nullopt;
  const auto& sources = item->node->items;
  const bool known = sources.size() == 1 && std::find(key_source_keys.begin(), key_source_keys.end(),
                                                      sources.front().key) != key_source_keys.end();
  if (!known) {
    complain(item->at, "exactly one of {env: VARIABLE} and {file: PATH} is expected");
    return std::nullopt;
  }
  const Item& source = sources.front();
  const bool from_environment = source.key == "env";
  if (!expect(source, Node::Kind::text, from_environment ? "the name of a variable" : "a path")) return std::nullopt;
  if (source.node->text.empty()) complain(source.at, from_environment ? "the name is empty" : "the path is empty");
  return KeySource{from_environment ? KeySource::Kind::environment : KeySource::Kind::file, source.node->text,
                   source.at};
}

std::string_view id_of(std::string_view uri) { return uri.substr(uri.find_last_of('/') + 1); }

}  // namespace

std::vector<Complaint> duplicates(const Manifest& entries) {
  std::vector<Complaint> complaints;
  std::map<std::string, int> lines;
  for (const Entry& entry : entries) {
    const std::string place = fmt::format("{} {} {} {} {}", normalized_url(entry.url), to_string(entry.scope),
                                          id_of(entry.organization), id_of(entry.user), id_of(entry.group));
    const auto [first, is_new] = lines.emplace(place, entry.at.line);
    if (is_new) continue;
    complaints.push_back({entry.at, fmt::format("the same URL, scope and owner as in line {}; one subscription takes "
                                                "all events of a place",
                                                first->second)});
  }
  return complaints;
}

void fail(const std::string& name, const std::vector<Complaint>& complaints) {
  const auto count = complaints.size();
  Error error(ErrorKind::usage, count == 1 ? fmt::format("there is a mistake in {}", name)
                                           : fmt::format("there are {} mistakes in {}", count, name));
  for (const Complaint& complaint : complaints) {
    if (error.details.size() == most_complaints) break;
    error.details.push_back(
        {fmt::format("{}:{}:{}", name, complaint.at.line, complaint.at.column), complaint.text, ""});
  }
  throw error;
}

Manifest read(std::string_view text, const std::string& name, bool group_is_known) {
  std::vector<Complaint> complaints;
  try {
    const auto document = read_document(text);
    Reader reader(group_is_known);
    Manifest entries = reader.read(*document);
    complaints = reader.take_complaints();
    if (complaints.empty()) return entries;
  } catch (const Unreadable& unreadable) {
    complaints = {{unreadable.at, unreadable.what()}};
  }
  fail(name, complaints);
}

}  // namespace bookafy::manifest
