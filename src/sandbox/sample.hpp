/// Sample deliveries of every event.
#pragma once

#include <string>
#include <string_view>

#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"

namespace bookafy::sandbox {

/// Of the contact and the recap that samples tell of.
inline constexpr std::string_view sample_contact_id = "5c2f8a34-1b7d-4c8e-8e0a-3a9d2c6f7b41";
inline constexpr std::string_view sample_recap_id = "e7a1d0b2-6c3f-4f58-b0d4-91c5a8e2f736";

/// The whole envelope as `GET /sample_webhook_data` answers it, for one of `known_events()`. It tells of invented
/// people; `user` (a document) is its subscriber and host. References are paths.
Value sample_delivery(std::string_view event, const Value& user, Timestamp now);

}  // namespace bookafy::sandbox
