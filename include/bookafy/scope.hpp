/// Whose events a subscription covers.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace bookafy {

enum class Scope { organization, user, group };

inline constexpr std::array all_scopes{Scope::organization, Scope::user, Scope::group};

std::string_view to_string(Scope scope);
std::optional<Scope> parse_scope(std::string_view name);

}  // namespace bookafy
