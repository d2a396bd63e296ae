/// The small world that every new sandbox starts with: the same ids and dates each time.
#pragma once

#include <string_view>
#include <vector>

#include "sandbox/store.hpp"

namespace bookafy::sandbox {

namespace seed {
inline constexpr std::string_view organization = "/organizations/3f333df6-90a4-4fda-8dd3-9485d27cee36";
inline constexpr std::string_view basic_organization = "/organizations/9b2e6a40-5d1c-4f7b-8a63-0c4f1e7d2b95";
inline constexpr std::string_view owner = "/users/1b4e28ba-2fa1-41d2-883f-0016d3cca427";
inline constexpr std::string_view admin = "/users/6ecd8c99-4036-403d-bf84-cf8400f67836";
inline constexpr std::string_view member = "/users/a8098c1a-f86e-41da-bd1a-00112444be1e";
inline constexpr std::string_view group_admin = "/users/c9bf9e57-1685-4c89-bafb-ff5af830be8a";
inline constexpr std::string_view basic_owner = "/users/e4eaaaf2-d142-41b3-b641-80027620c4d1";
inline constexpr std::string_view group = "/groups/d3b07384-d9a0-4c9b-8f0e-6a2f1c7e5b48";
inline constexpr std::string_view other_group = "/groups/41f7c6b0-7d0e-4c55-9f0b-2a6c8e94d1f3";
inline constexpr std::string_view intro_call = "/event_types/886313e1-3b8a-4372-9b90-0c9aee199e5d";
inline constexpr std::string_view published_form = "/routing_forms/0f5c9d2e-8b7a-4e1f-9c3d-5a6b7c8d9e0f";
inline constexpr std::string_view sample_submission = "/routing_form_submissions/b7d3f1a9-2c4e-4a6b-8d0f-1e3c5a7b9d2f";
/// Ana Petrova's intro call with the owner.
inline constexpr std::string_view sample_event = "/scheduled_events/6fa459ea-ee8a-4ca4-894e-db77e160355e";
inline constexpr std::string_view sample_invitee =
    "/scheduled_events/6fa459ea-ee8a-4ca4-894e-db77e160355e/invitees/16fd2706-8baf-433b-82eb-8c7fada847da";
}  // namespace seed

/// Two organizations with their people, groups, event types, routing forms and bookings, in the order of creation.
/// There are no subscriptions.
std::vector<Record> seed_world();

}  // namespace bookafy::sandbox
