/// Stored logins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bookafy/error.hpp"
#include "bookafy/secret.hpp"
#include "system/environment.hpp"

namespace bookafy::profile {

inline constexpr const char* default_name = "default";

/// A token and what was learnt when it was proved, so that later commands need not ask again.
struct Profile {
  Secret token;
  std::string api_url;
  std::string organization;  ///< URI
  std::string user;          ///< URI
};

/// The files `NAME.json` in `$XDG_CONFIG_HOME/bookafy/` (default `~/.config/bookafy/`), mode 0600 in a folder of mode
/// 0700. A name has the characters of an id. Every call throws Error (usage) for another name, and for a file that is
/// not its owner's alone, is a symbolic link or cannot be read or written.
class Profiles {
 public:
  explicit Profiles(const system::Environment& environment);

  /// nullopt when there is none of that name.
  std::optional<Profile> load(const std::string& name) const;
  /// Throws Error (usage) when `save` would fail for a reason that is known before.
  void check_writable(const std::string& name) const;
  void save(const std::string& name, const Profile& profile) const;
  /// Whether there was one.
  bool remove(const std::string& name) const;
  /// Sorted.
  std::vector<std::string> names() const;
  /// The error for a profile that does not exist: unauthenticated, with the names of those that do as hint.
  Error missing(const std::string& name) const;

 private:
  std::string path(const std::string& name) const;

  std::string folder_;  ///< empty when neither XDG_CONFIG_HOME nor HOME is an absolute path
};

}  // namespace bookafy::profile
