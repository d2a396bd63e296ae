/// Sample deliveries of every event.
#pragma once

#include <string>
#include <string_view>

#include "bookafy/value.hpp"
#include "sandbox/timestamp.hpp"

namespace bookafy::sandbox {

/// The whole envelope as `GET /sample_webhook_data` answers it, for one of `known_events()`. It tells of invented
/// people; `user` (a document) is its subscriber and host. References are paths.
Value sample_delivery(std::string_view event, const Value& user, Instant now);

}  // namespace bookafy::sandbox
