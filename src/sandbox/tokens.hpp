/// The access tokens of the sandbox: fixed and documented, for they protect nothing.
#pragma once

#include <span>
#include <string_view>

namespace bookafy::sandbox {

struct Token {
  std::string_view text;
  std::string_view role;                     ///< in words, for people: `owner`, `admin`, `member`, …
  std::string_view user;                     ///< path of the user it acts as
  std::span<const std::string_view> scopes;  ///< empty: full access, as tokens made before 3 March 2026
  bool bare_refusals = false;                ///< a create that lacks an event's read scope is a 400 without details
};

std::span<const Token> known_tokens();
/// nullptr when there is none of that text.
const Token* find_token(std::string_view text);
/// `X:write` includes `X:read`.
bool allows(const Token& token, std::string_view scope);

}  // namespace bookafy::sandbox
