/// Why a subscription was not replaced, and what became of both.
#pragma once

#include "bookafy/client.hpp"
#include "commands/signing_key.hpp"

namespace bookafy::commands {

/// For an outcome with an error: with what to do about it as its hint, the file of a new key included.
Error failure_of(const Replacement& outcome, ChosenKey& key, const Subscription& old);

}  // namespace bookafy::commands
