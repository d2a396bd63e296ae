/// The names of things in the API: parsing of URIs, paths and ids that people paste.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bookafy {

enum class ResourceKind {
  subscription,
  scheduled_event,
  invitee,
  user,
  organization,
  membership,
  group,
  routing_form,
  routing_form_submission,
  no_show,
};

/// The path segment of the kind: `webhook_subscriptions`. For an invitee: `invitees`, below its scheduled event.
std::string_view collection(ResourceKind kind);
/// The kind in words, for messages: `scheduled event`.
std::string_view to_string(ResourceKind kind);

struct Resource {
  ResourceKind kind = ResourceKind::subscription;
  std::string id;     ///< `[A-Za-z0-9_-]+`, 1 to 100 characters
  std::string event;  ///< an invitee's scheduled event, empty otherwise
  std::string host;   ///< `host` or `host:port` where a full URI was given; never used for requests

  /// `/scheduled_events/<event>/invitees/<id>`
  std::string path() const;
  bool operator==(const Resource&) const = default;
};

/// The characters of an id; anything else could change the request's path.
bool is_id(std::string_view text);

/// Reads a full URI (only its path counts), a path with or without the leading slash, `EVENT/INVITEE`, `me`, or a
/// bare id, which is taken as `bare`. A trailing slash is ignored, and so are the query and fragment of a full URI.
/// nullopt when it names nothing of the API.
std::optional<Resource> parse_resource(std::string_view text, ResourceKind bare = ResourceKind::subscription);

/// The same for an argument of a known kind: a URI or path of that kind, or the bare id.
std::optional<Resource> parse_resource_of(ResourceKind kind, std::string_view text);

/// Whether two URIs of one kind name the same thing: their last segments agree. Hosts differ behind proxies.
bool same_id(std::string_view uri, std::string_view other);

}  // namespace bookafy
