#include "bookafy/resource.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace bookafy {
namespace {

struct ResourceRow {
  ResourceKind kind;
  std::string_view collection;
  std::string_view words;
};

constexpr std::array resource_kinds{
    ResourceRow{ResourceKind::subscription, "webhook_subscriptions", "subscription"},
    ResourceRow{ResourceKind::scheduled_event, "scheduled_events", "scheduled event"},
    ResourceRow{ResourceKind::invitee, "invitees", "invitee"},
    ResourceRow{ResourceKind::user, "users", "user"},
    ResourceRow{ResourceKind::organization, "organizations", "organization"},
    ResourceRow{ResourceKind::membership, "organization_memberships", "organization membership"},
    ResourceRow{ResourceKind::group, "groups", "group"},
    ResourceRow{ResourceKind::routing_form, "routing_forms", "routing form"},
    ResourceRow{ResourceKind::routing_form_submission, "routing_form_submissions", "routing form submission"},
    ResourceRow{ResourceKind::no_show, "invitee_no_shows", "no-show"},
};

constexpr std::size_t longest_id = 100;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    auto slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::optional<ResourceKind> kind_of(std::string_view segment) {
  for (const ResourceRow& row : resource_kinds)
    if (row.collection == segment && row.kind != ResourceKind::invitee) return row.kind;
  return std::nullopt;
}

/// Takes `https://host` off the front; a scheme other than http and https leaves nothing.
std::optional<std::string> take_host(std::string_view& text) {
  auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return std::string();
  std::string scheme(text.substr(0, scheme_end));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](unsigned char c) { return c | 0x20; });
  if (scheme != "https" && scheme != "http") return std::nullopt;
  text.remove_prefix(scheme_end + 3);
  auto host_end = text.find('/');
  if (host_end == std::string_view::npos || host_end == 0) return std::nullopt;
  std::string host(text.substr(0, host_end));
  text.remove_prefix(host_end);
  // Credentials in front of the host are nobody's business: the host is shown in a warning.
  return host.substr(host.rfind('@') + 1);
}

/// `short_form`: two ids may be an event and its invitee.
std::optional<Resource> from_segments(const std::vector<std::string_view>& parts, bool short_form) {
  const std::size_t count = parts.size();
  if (count >= 4 && parts[count - 4] == collection(ResourceKind::scheduled_event) &&
      parts[count - 2] == collection(ResourceKind::invitee))
    return Resource{ResourceKind::invitee, std::string(parts[count - 1]), std::string(parts[count - 3]), {}};
  if (auto kind = kind_of(parts[count - 2])) return Resource{*kind, std::string(parts[count - 1]), {}, {}};
  if (count == 2 && short_form)
    return Resource{ResourceKind::invitee, std::string(parts[1]), std::string(parts[0]), {}};
  return std::nullopt;
}

}  // namespace

std::string_view collection(ResourceKind kind) { return resource_kinds.at(static_cast<std::size_t>(kind)).collection; }

std::string_view to_string(ResourceKind kind) { return resource_kinds.at(static_cast<std::size_t>(kind)).words; }

std::string Resource::path() const {
  std::string path;
  if (kind == ResourceKind::invitee) path.append("/scheduled_events/").append(event);
  return path.append("/").append(collection(kind)).append("/").append(id);
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id && std::all_of(text.begin(), text.end(), is_id_character);
}

std::optional<Resource> parse_resource(std::string_view text, ResourceKind bare) {
  const std::string_view address = text.substr(0, text.find_first_of("?#"));
  const bool is_cut = address.size() < text.size();
  text = address;
  auto host = take_host(text);
  if (!host || (is_cut && host->empty())) return std::nullopt;
  const bool is_path = !text.empty() && text.front() == '/';
  if (is_path) text.remove_prefix(1);
  if (!text.empty() && text.back() == '/') text.remove_suffix(1);

  auto parts = segments(text);
  if (!std::all_of(parts.begin(), parts.end(), is_id)) return std::nullopt;
  std::optional<Resource> resource;
  if (parts.size() >= 2)
    resource = from_segments(parts, !is_path);
  else if (!is_path && !kind_of(text) && text != collection(ResourceKind::invitee))
    resource = text == "me" ? Resource{ResourceKind::user, "me", {}, {}} : Resource{bare, std::string(text), {}, {}};
  if (resource) {
    if (resource->id == "me" && resource->kind != ResourceKind::user) return std::nullopt;
    resource->host = *host;
  }
  return resource;
}

std::optional<Resource> parse_resource_of(ResourceKind kind, std::string_view text) {
  auto resource = parse_resource(text, kind);
  if (!resource || resource->kind != kind) return std::nullopt;
  return resource;
}

bool same_id(std::string_view uri, std::string_view other) {
  auto id = [](std::string_view text) { return text.substr(text.rfind('/') + 1); };
  return id(uri) == id(other);
}

}  // namespace bookafy
