#include "bookafy/event.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace bookafy {
namespace {

constexpr std::array any_scope = all_scopes;
constexpr std::array organization_only{Scope::organization};
constexpr std::array user_only{Scope::user};

constexpr std::array event_table{
    Event{"invitee.created", any_scope, "scheduled_events:read", "a meeting was booked"},
    Event{"invitee.canceled", any_scope, "scheduled_events:read", "a meeting was canceled or rescheduled"},
    Event{"routing_form_submission.created", organization_only, "routing_forms:read", "a routing form was submitted"},
    Event{"invitee_no_show.created", any_scope, "scheduled_events:read", "an invitee was marked as absent"},
    Event{"invitee_no_show.deleted", any_scope, "scheduled_events:read", "the mark of absence was taken back"},
    Event{"event_type.created", any_scope, "event_types:read", "an event type was made"},
    Event{"event_type.updated", any_scope, "event_types:read", "an event type was changed"},
    Event{"event_type.deleted", any_scope, "event_types:read", "an event type was removed"},
    Event{"contact.created", any_scope, "contacts:read", "a contact was made"},
    Event{"contact.updated", any_scope, "contacts:read", "a contact was changed"},
    Event{"contact.deleted", any_scope, "contacts:read", "a contact was removed"},
    Event{"meeting_recap.created", user_only, "meeting_recaps:read", "a meeting recap was written"},
    Event{"meeting_recap.updated", user_only, "meeting_recaps:read", "a meeting recap was changed"},
    Event{"meeting_recap.deleted", user_only, "meeting_recaps:read", "a meeting recap was removed"},
};

/// Levenshtein distance, with a swap of neighbours counted as one edit.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::span<const Event> known_events() { return event_table; }

const Event* find_event(std::string_view name) {
  auto found =
      std::find_if(event_table.begin(), event_table.end(), [&](const Event& event) { return event.name == name; });
  return found == event_table.end() ? nullptr : &*found;
}

bool allows(const Event& event, Scope scope) {
  return std::find(event.scopes.begin(), event.scopes.end(), scope) != event.scopes.end();
}

std::string scopes_text(const Event& event) {
  std::string text;
  for (std::size_t i = 0; i < event.scopes.size(); ++i) {
    if (i > 0) text += i + 1 == event.scopes.size() ? " or " : ", ";
    text += to_string(event.scopes[i]);
  }
  return text;
}

std::string nearest(std::string_view word, std::span<const std::string_view> candidates) {
  // Long words tolerate more slips; a third of the letters wrong is another word.
  const std::size_t tolerated = std::max<std::size_t>(1, std::min<std::size_t>(4, word.size() / 3));
  std::string_view best;
  std::size_t best_distance = tolerated + 1;
  for (std::string_view candidate : candidates) {
    std::size_t here = distance(word.substr(0, 64), candidate);
    if (here < best_distance) {
      best = candidate;
      best_distance = here;
    }
  }
  return std::string(best);
}

}  // namespace bookafy
