#include "sandbox/reference.hpp"

#include <algorithm>
#include <array>

namespace bookafy::sandbox {
namespace {

/// The members that refer to objects. `value` does where a routing form leads to an event type.
constexpr std::array<std::string_view, 19> references{
    "created_by", "creator",      "current_organization",    "event",       "event_type",   "form",
    "group",      "invitee",      "invitee_scheduled_by",    "new_invitee", "old_invitee",  "organization",
    "owner",      "routing_form", "routing_form_submission", "submitter",   "subscription", "uri",
    "user"};

bool is_reference(std::string_view key) {
  return key == "value" || std::find(references.begin(), references.end(), key) != references.end();
}

}  // namespace

void make_full(Value& value, const std::string& base_url) {
  if (auto* members = value.object()) {
    for (auto& [key, member] : *members) {
      const std::string* text = member.string();
      if (!text)
        make_full(member, base_url);
      else if (text->starts_with('/') && is_reference(key))
        member = base_url + *text;
    }
  } else if (auto* items = value.array()) {
    for (Value& item : *items) make_full(item, base_url);
  }
}

}  // namespace bookafy::sandbox
