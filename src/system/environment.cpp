#include "system/environment.hpp"

#include <unistd.h>

#include <string_view>

namespace bookafy::system {

Environment Environment::of_process() {
  Environment environment;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      environment.set(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
  }
  return environment;
}

std::optional<std::string> Environment::get(const std::string& name) const {
  auto found = variables_.find(name);
  if (found == variables_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Environment::folder(const std::string& name) const {
  auto path = get(name);
  return path && path->front() == '/' ? path : std::nullopt;
}

}  // namespace bookafy::system
