#include "bookafy/scope.hpp"

#include <algorithm>

namespace bookafy {

std::string_view to_string(Scope scope) {
  constexpr std::array<std::string_view, 3> names{"organization", "user", "group"};
  return names.at(static_cast<std::size_t>(scope));
}

std::optional<Scope> parse_scope(std::string_view name) {
  auto found =
      std::find_if(all_scopes.begin(), all_scopes.end(), [&](Scope scope) { return to_string(scope) == name; });
  if (found == all_scopes.end()) return std::nullopt;
  return *found;
}

}  // namespace bookafy
