#include "api/projection.hpp"

#include <algorithm>

namespace bookafy {

Projection::Projection(std::string_view prefix, std::span<const std::string> paths) {
  for (const std::string& path : paths) insert(std::string(prefix).append(1, '.').append(path));
}

void Projection::add(std::string_view path) {
  if (!keeps_everything()) insert(path);
}

const Projection* Projection::member(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(), [&](const auto& one) { return one.first == name; });
  return found == members_.end() ? nullptr : &found->second;
}

const Projection& Projection::items() const {
  static const Projection everything;
  const Projection* found = member("*");
  return found ? *found : everything;
}

void Projection::insert(std::string_view path) {
  const auto dot = path.find('.');
  const auto name = path.substr(0, dot);
  auto found = std::find_if(members_.begin(), members_.end(), [&](const auto& one) { return one.first == name; });
  const bool fresh = found == members_.end();
  if (fresh) found = members_.insert(members_.end(), {std::string(name), Projection()});
  if (dot == std::string_view::npos)
    found->second.members_.clear();
  else if (fresh || !found->second.keeps_everything())
    found->second.insert(path.substr(dot + 1));
}

}  // namespace bookafy
