/// Environment variables, taken once so that tests can bring their own.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace bookafy::system {

class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string> variables) : variables_(std::move(variables)) {}
  static Environment of_process();

  /// An empty variable counts as not set, as with most tools.
  std::optional<std::string> get(const std::string& name) const;
  /// The folder that a variable such as HOME names; a relative path counts as not set (XDG Base Directory
  /// Specification).
  std::optional<std::string> folder(const std::string& name) const;
  void set(const std::string& name, std::string value) { variables_[name] = std::move(value); }
  void unset(const std::string& name) { variables_.erase(name); }
  const std::map<std::string, std::string>& all() const { return variables_; }

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace bookafy::system
