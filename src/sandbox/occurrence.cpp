#include "sandbox/occurrence.hpp"

#include <algorithm>

#include "bookafy/scope.hpp"
#include "sandbox/access.hpp"
#include "sandbox/document.hpp"

namespace bookafy::sandbox {
namespace {

bool names(const Value& subscription, const std::string& event) {
  const Value* events = subscription.find("events");
  const Value::Array* listed = events ? events->array() : nullptr;
  return listed && std::find(listed->begin(), listed->end(), Value(event)) != listed->end();
}

}  // namespace

Occurrence invitee_occurrence(const World& world, std::string_view event_name, const Value& invitee,
                              const Value& scheduled_event, Timestamp at) {
  Occurrence occurrence{std::string(event_name), Access(world).organization_of_event(scheduled_event), {}, {}, at};
  for (const Value& membership : *scheduled_event.find("event_memberships")->array())
    occurrence.hosts.push_back(membership.text_at("user"));
  occurrence.payload = invitee_payload(invitee, scheduled_event);
  return occurrence;
}

Occurrence submission_occurrence(const World& world, const Value& submission, Timestamp at) {
  const Record* form = world.find(submission.text_at("routing_form"));
  return {"routing_form_submission.created",
          form ? form->document.text_at("organization") : std::string(),
          {},
          submission,
          at};
}

bool covers(const World& world, const Value& subscription, const Occurrence& occurrence) {
  if (!names(subscription, occurrence.event)) return false;
  if (subscription.text_at("organization") != occurrence.organization) return false;
  const auto scope = parse_scope(subscription.text_at("scope"));
  if (scope == Scope::organization) return true;
  const Access access(world);
  const std::string user = subscription.text_at("user");
  const std::string group = subscription.text_at("group");
  return std::any_of(occurrence.hosts.begin(), occurrence.hosts.end(), [&](const std::string& host) {
    if (!access.is_member(host, occurrence.organization)) return false;
    return scope == Scope::user ? host == user : access.in_group(host, group);
  });
}

}  // namespace bookafy::sandbox
