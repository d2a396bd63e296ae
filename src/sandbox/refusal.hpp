/// The API's error answers, byte for byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bookafy/value.hpp"

namespace bookafy::sandbox {

/// Thrown by a route to answer with an error.
struct Refusal {
  int status = 0;
  Value body;
};

struct Detail {
  std::string parameter;
  std::string message;
};

namespace text {
inline constexpr std::string_view no_permission = "You do not have permission";
inline constexpr std::string_view no_access = "You do not have permission to access this resource.";
inline constexpr std::string_view no_action = "You do not have permission to perform this action";
inline constexpr std::string_view unauthorized = "Unauthorized";
inline constexpr std::string_view not_in_organization = "This user is not in your organization";
inline constexpr std::string_view name_organization =
    "Please also specify organization when requesting events for a user within your organization.";
inline constexpr std::string_view no_event_view = "You are not allowed to view this event";
inline constexpr std::string_view no_invitee_view = "You do not have permission to view this event";
inline constexpr std::string_view no_cancel = "You are not allowed to cancel this event";
inline constexpr std::string_view past_event = "Event in the past";
inline constexpr std::string_view canceled_event = "Event is already canceled";
inline constexpr std::string_view plan_too_low = "Please upgrade to a paid Bookafy account.";
inline constexpr std::string_view hook_exists = "Hook with this url already exists";
inline constexpr std::string_view exists = "The resource already exists";
}  // namespace text

/// 400 with `details`; without any the key is left out.
Refusal invalid_arguments(const std::vector<Detail>& details);
Refusal unauthenticated();
Refusal forbidden(std::string_view message);
Refusal insufficient_scope(const std::vector<std::string_view>& required);
Refusal not_found();
Refusal already_exists(std::string_view message);
Refusal too_many_requests();
Refusal internal_error();

}  // namespace bookafy::sandbox
