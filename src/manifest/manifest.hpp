/// The file that says which subscriptions an account shall have.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/scope.hpp"
#include "manifest/document.hpp"

namespace bookafy::manifest {

/// Where a signing key is to be had; never the key itself.
struct KeySource {
  enum class Kind { environment, file };
  Kind kind = Kind::environment;
  std::string name;  ///< of the variable, or a path
  Position at{};
  bool operator==(const KeySource&) const = default;
};

/// One wished subscription, checked as far as it can be without asking the API.
struct Entry {
  std::string url{};
  Scope scope = Scope::user;
  std::vector<std::string> events{};  ///< without duplicates
  /// URIs or bare ids; empty where the account's own is meant.
  std::string organization{};
  std::string user{};
  std::string group{};
  std::optional<KeySource> signing_key{};
  bool check_events = true;  ///< off: event names go to the server as they are
  Position at{};
};

using Manifest = std::vector<Entry>;

/// Of one subscription; the API knows fourteen.
inline constexpr std::size_t most_events = 200;

/// Reads YAML or JSON. `name` is the file's in complaints. Throws Error (usage) that names every mistake in `details`,
/// its place (`FILE:LINE:COLUMN`) as the parameter; the text of a signing key is never quoted. `group_is_known`: an
/// entry of scope group may leave the group out.
Manifest read(std::string_view text, const std::string& name, bool group_is_known = false);

/// The same kind of Error for what turns out to be wrong later.
[[noreturn]] void fail(const std::string& name, const std::vector<Complaint>& complaints);

/// A complaint about each entry that speaks of the same subscription as an earlier one: URL, scope and owner.
std::vector<Complaint> duplicates(const Manifest& entries);

}  // namespace bookafy::manifest
