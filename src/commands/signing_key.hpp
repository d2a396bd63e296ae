/// The signing key of a subscription to be made: read, or new in a file of its own.
#pragma once

#include <optional>
#include <string>

#include "bookafy/error.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

/// What is wrong with the text of a key, as in `the signing key file FILE is empty`; nothing wrong: an empty text. A
/// key that only signs or verifies here may be any bytes without NUL; one that is sent to the API must be UTF-8, since
/// the API takes text and other bytes would become another key.
enum class KeyPurpose { sign_or_verify, send_to_api };
std::string key_problem(const Secret& key, KeyPurpose purpose);

/// The key in a file, `-` for standard input, masked in all messages from now on. Throws Error (usage) when it cannot
/// be read or has a `key_problem`.
Secret read_signing_key(const std::string& file, Context& context, KeyPurpose purpose = KeyPurpose::sign_or_verify);

/// At most one of the two is given; both empty: no key. `-` reads standard input.
struct SigningKeyArgs {
  std::string file;
  std::string generate;  ///< a file that must not exist yet
};

/// Removes a new key's file at its end when it is certain that no subscription has the key, so that the same command
/// can be repeated. In doubt the file stays, and a warning says where.
/// For a replacement without a key: the key of the old subscription cannot be read back.
inline constexpr const char* unsigned_warning = "deliveries will be unsigned; pass --signing-key-file to keep signing";

class ChosenKey {
 public:
  /// Reads the key, or sees that the file for a new one does not exist yet. Throws Error (usage).
  ChosenKey(SigningKeyArgs args, Context& context);

  /// Makes the new key, if one is asked for, and puts it on disk, mode 0600, before this returns. In a dry run nothing
  /// is written, and something else stands for the key. Throws Error (usage).
  void generate(bool dry_run);
  ChosenKey(const ChosenKey&) = delete;
  ChosenKey& operator=(const ChosenKey&) = delete;
  ~ChosenKey();

  const std::optional<Secret>& secret() const { return secret_; }
  bool is_new() const { return !new_file_.empty(); }
  bool is_unused() const { return !create_is_under_way_ && in_use_ == Certainty::no; }
  /// Around each request that can lead to a subscription with the key; `created` is what is known of it then.
  void before_create() { create_is_under_way_ = true; }
  void after_create(Certainty created);
  /// After a failure: when the file of a new key stays, the error says where.
  void explain(Error& error);

 private:
  SigningKeyArgs args_;
  Context& context_;
  std::optional<Secret> secret_;
  std::string new_file_;  ///< empty when none was written
  Certainty in_use_ = Certainty::no;
  bool create_is_under_way_ = false;
  bool explained_ = false;
};

}  // namespace bookafy::commands
