#include "bookafy/health.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "bookafy/validation.hpp"

namespace bookafy {
namespace {

std::string_view id_of(std::string_view uri) { return uri.substr(uri.find_last_of('/') + 1); }

/// Where deliveries go, path and query apart. A port that is not the scheme's own is another server.
std::string host_of(const std::string& callback_url) {
  const auto url = parse_url(callback_url);
  if (!url) return callback_url;
  std::string host = url->host;
  std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::string_view own_port = url->scheme == "https" ? "443" : "80";
  return url->port.empty() || url->port == own_port ? host : host + ":" + url->port;
}

/// Some people are covered by both. Who is in a group is not known here, so a group meets its like and organizations.
bool same_people(const Subscription& a, const Subscription& b) {
  if (id_of(a.organization) != id_of(b.organization)) return false;
  const auto whole = to_string(Scope::organization);
  if (a.scope == whole || b.scope == whole) return true;
  return a.scope == b.scope && id_of(owner(a)) == id_of(owner(b));
}

std::vector<std::string> shared_events(const Subscription& a, const Subscription& b) {
  const std::set<std::string> wanted(a.events.begin(), a.events.end());
  std::vector<std::string> shared;
  for (const std::string& event : b.events)
    if (wanted.contains(event)) shared.push_back(event);
  return shared;
}

std::optional<Finding> overlap(const Subscription& one, const std::vector<const Subscription*>& earlier) {
  for (const Subscription* other : earlier) {
    if (!same_people(*other, one)) continue;
    if (auto events = shared_events(*other, one); !events.empty())
      return Finding{
          .ailment = Ailment::overlap, .subscription = one, .other = other->uri, .events = std::move(events)};
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Ailment ailment) {
  switch (ailment) {
    case Ailment::disabled: return "disabled";
    case Ailment::failing: return "failing";
    case Ailment::overlap: return "overlap";
  }
  return "";
}

std::vector<Finding> find_ailments(std::span<const Subscription> subscriptions, Timestamp now) {
  std::vector<Finding> findings;
  for (const Subscription& one : subscriptions) {
    if (one.state == "disabled") findings.push_back({.ailment = Ailment::disabled, .subscription = one});
    if (one.state == "disabled" || one.retry_started_at.empty()) continue;
    Finding finding{.ailment = Ailment::failing, .subscription = one, .since = one.retry_started_at};
    if (const auto since = parse_timestamp(one.retry_started_at)) {
      const auto left = std::chrono::floor<std::chrono::seconds>(*since + failing_limit - now);
      finding.left = std::clamp(left, std::chrono::seconds(0), std::chrono::seconds(failing_limit));
    }
    findings.push_back(std::move(finding));
  }
  std::unordered_map<std::string, std::vector<const Subscription*>> by_host;
  for (const Subscription& one : subscriptions) {
    if (!one.active()) continue;
    auto& earlier = by_host[host_of(one.callback_url)];
    if (auto finding = overlap(one, earlier)) findings.push_back(std::move(*finding));
    earlier.push_back(&one);
  }
  return findings;
}

}  // namespace bookafy
