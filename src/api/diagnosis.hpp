/// Why a request was refused, where the answer alone does not tell.
#pragma once

#include <string>

#include "bookafy/client.hpp"

namespace bookafy {

/// What to do about a 403 or a 400 without details: look-alike refusals for the role, the plan and the owner are told
/// apart with up to three more requests. Empty when the reason stays unknown. Never throws Error: the refusal itself is
/// what the user must see.
std::string refusal_hint(Client& client, const NewSubscription& wished, const Error& refusal);
/// The same for a refused list.
std::string list_refusal_hint(Client& client, const ListQuery& query, const Error& refusal);

}  // namespace bookafy
