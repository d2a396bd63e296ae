#include "commands/replacement_failure.hpp"

#include <fmt/format.h>

namespace bookafy::commands {

Error failure_of(const Replacement& outcome, ChosenKey& key, const Subscription& old) {
  Error error = *outcome.error;
  // The commands that recover an old subscription name the key's file.
  key.after_create(outcome.removed == Certainty::no ? outcome.created : Certainty::unknown);
  if (outcome.made) {
    error.hint = fmt::format("the new one was made: {}; remove the old one: bookafy delete {}", outcome.made->uri,
                             old.uri.substr(old.uri.rfind('/') + 1));
    return error;
  }
  const bool is_signed = key.secret().has_value();
  if (outcome.put_back)
    error.hint = fmt::format("the old one was put back as {}, {}", outcome.put_back->uri,
                             is_signed ? "signed with the new key" : "unsigned");
  else if (outcome.removed == Certainty::yes && !outcome.repair.empty())
    error.hint = fmt::format("the old one is gone and could not be put back; make it again: {}", outcome.repair);
  else if (outcome.removed == Certainty::yes)
    error.hint = "the old one is gone, and another is in its place: bookafy list shows it";
  else if (!outcome.repair.empty())
    error.hint = fmt::format("the old one may be gone; if bookafy list shows none of {}, make the new one: {}",
                             old.callback_url, outcome.repair);
  else if (error.status == 409)
    error.hint = "there is one with this URL, scope and owner already; nothing was changed";
  key.explain(error);
  return error;
}

}  // namespace bookafy::commands
