/// Whole objects of the API, every key of them, made from what matters. References are paths.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"

namespace bookafy::sandbox {

struct UserDraft {
  std::string_view path;
  std::string_view organization;
  std::string_view name;
  std::string_view slug;  ///< `mara-lindt`; the mailbox is `mara.lindt`
  std::string_view timezone;
  std::string created_at;
};
Value user_document(const UserDraft& draft);

struct EventTypeDraft {
  std::string_view path;
  std::string_view name;
  std::string_view slug;
  Value owner;  ///< the user's document
  int minutes = 30;
  std::string created_at;
};
Value event_type_document(const EventTypeDraft& draft);

struct EventDraft {
  std::string path;
  std::string event_type;
  std::string name;
  Value host;  ///< the user's document
  Timestamp start;
  std::chrono::minutes length{30};
  Timestamp created;
  Value location;
  int invitees = 1;
  int limit = 1;
};
Value event_document(const EventDraft& draft);

struct InviteeDraft {
  std::string path;
  std::string name;
  std::string email;
  std::string timezone;
  Timestamp created;
  std::string question = {};  ///< empty: none was asked
  std::string answer = {};
};
Value invitee_document(const InviteeDraft& draft);

struct SubmissionDraft {
  std::string path;
  std::string form;
  std::string name;
  std::string email;
  std::string topic;
  Value result;
  Value submitter = {};  ///< path of the invitee it led to, or null
  Timestamp created;
};
/// Of a form that asks for name, e-mail address and topic.
Value submission_document(const SubmissionDraft& draft);
Value form_document(std::string_view path, std::string_view organization, std::string_view name,
                    std::string_view status, Timestamp created);

/// All six keys; only the source may be set.
Value tracking(Value utm_source);
Value location_physical(std::string_view place);
Value location_call(std::string_view number);
Value location_google(std::string_view join_url);
Value location_zoom(std::int64_t id, std::string_view join_url);

/// What deliveries about an invitee carry: the invitee with its `scheduled_event`.
Value invitee_payload(const Value& invitee, const Value& event);

}  // namespace bookafy::sandbox
