/// The signing key of a subscription to be made: read, or new in a file of its own.
#pragma once

#include <optional>
#include <string>

#include "bookafy/error.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

/// The key in a file, `-` for standard input, masked in all messages from now on. Throws Error (usage) when it cannot
/// be read or is empty.
Secret read_signing_key(const std::string& file, Context& context);

/// At most one of the two is given; both empty: no key. `-` reads standard input.
struct SigningKeyArgs {
  std::string file;
  std::string generate;  ///< a file that must not exist yet
};

class ChosenKey {
 public:
  /// Reads the key, or sees that the file for a new one does not exist yet. Throws Error (usage).
  ChosenKey(SigningKeyArgs args, Context& context);

  /// Makes the new key, if one is asked for, and puts it on disk, mode 0600, before this returns. In a dry run nothing
  /// is written, and something else stands for the key. Throws Error (usage).
  void generate(bool dry_run);
  /// Takes the new key away again: nothing was made with it. False when there is none.
  bool withdraw();

  const std::optional<Secret>& secret() const { return secret_; }
  /// After a failure: a new key that no subscription can have is removed again, so that the same command can be
  /// repeated; one that may be in use stays, and the error says where.
  void settle(Error& error) const;

 private:
  SigningKeyArgs args_;
  Context& context_;
  std::optional<Secret> secret_;
  std::string new_file_;  ///< empty when none was written
};

}  // namespace bookafy::commands
