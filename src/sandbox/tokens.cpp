#include "sandbox/tokens.hpp"

#include <algorithm>
#include <array>

#include "sandbox/seed.hpp"

namespace bookafy::sandbox {
namespace {

using namespace std::string_view_literals;

constexpr std::array only_reading{"webhooks:read"sv};
constexpr std::array without_events{"users:read"sv, "organizations:read"sv, "webhooks:write"sv};

constexpr std::array tokens{
    Token{"sandbox-owner", "owner", seed::owner, {}},
    Token{"sandbox-admin", "admin", seed::admin, {}},
    Token{"sandbox-member", "member", seed::member, {}},
    Token{"sandbox-group-admin", "member, admin of a group", seed::group_admin, {}},
    Token{"sandbox-readonly", "owner, token scope webhooks:read only", seed::owner, only_reading},
    Token{"sandbox-basic", "owner of an organization on plan basic", seed::basic_owner, {}},
    Token{"sandbox-bare400", "owner, token without scheduled_events:read", seed::owner, without_events, true},
};

}  // namespace

std::span<const Token> known_tokens() { return tokens; }

const Token* find_token(std::string_view text) {
  auto found = std::find_if(tokens.begin(), tokens.end(), [&](const Token& token) { return token.text == text; });
  return found == tokens.end() ? nullptr : &*found;
}

bool allows(const Token& token, std::string_view scope) {
  if (token.scopes.empty()) return true;
  return std::any_of(token.scopes.begin(), token.scopes.end(), [&](std::string_view held) {
    if (held == scope) return true;
    const auto colon = held.find(':');
    return held.substr(colon) == ":write" && scope.substr(0, colon) == held.substr(0, colon) &&
           scope.substr(std::min(colon, scope.size())) == ":read";
  });
}

}  // namespace bookafy::sandbox
