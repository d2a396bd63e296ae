/// The subscriptions that a file wishes for, ready to be compared with those of the account.
#pragma once

#include <string>
#include <vector>

#include "bookafy/subscription.hpp"
#include "commands/context.hpp"
#include "manifest/manifest.hpp"

namespace bookafy::commands {

struct Wishes {
  manifest::Manifest entries;
  std::vector<NewSubscription> subscriptions;  ///< one an entry, with full URIs and, unless left out, its key

  /// Where the key of an entry comes from, in words: `env NAME`, `file PATH`; empty when it has none.
  std::string key_source(std::size_t index) const;
};

struct WishesArgs {
  std::string file;  ///< `-` is standard input
  Owner owner;       ///< of entries that name none
  std::string only;  ///< a pattern of the callback URLs that matter: keys of others are not read; empty: all
  bool with_keys = true;
};

/// Reads the file, its keys (a path is relative to the file), and whose the subscriptions are. Throws Error (usage) for
/// every mistake in the file before anything is asked of the API.
Wishes read_wishes(const WishesArgs& args, Context& context);

}  // namespace bookafy::commands
