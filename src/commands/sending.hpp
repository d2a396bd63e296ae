/// What commands that send deliveries share.
#pragma once

#include <string>

#include "bookafy/http.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

/// Throws Error (usage) unless deliveries can be sent there.
void check_target(std::string_view option, const std::string& url);

/// The key of the option, or none with a warning that deliveries go out unsigned.
std::optional<Secret> sending_key(const std::string& file, Context& context);

/// Why a delivery was not taken; nullopt when it was (2xx).
std::optional<Error> sending_failure(const std::string& url, const http::Outcome& outcome);

}  // namespace bookafy::commands
