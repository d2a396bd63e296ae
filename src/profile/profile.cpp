#include "profile/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "api/codec.hpp"
#include "bookafy/error.hpp"
#include "bookafy/resource.hpp"
#include "system/file.hpp"

namespace bookafy::profile {
namespace {

constexpr std::string_view suffix = ".json";

std::string config_folder(const system::Environment& environment) {
  if (auto config = environment.folder("XDG_CONFIG_HOME")) return *config + "/bookafy";
  if (auto home = environment.folder("HOME")) return *home + "/.config/bookafy";
  return {};
}

}  // namespace

Profiles::Profiles(const system::Environment& environment) : folder_(config_folder(environment)) {}

std::string Profiles::path(const std::string& name) const {
  if (!is_id(name))
    throw Error(ErrorKind::usage, fmt::format("profile name {} has more than letters, digits, - and _", name));
  return fmt::format("{}/{}{}", folder_, name, suffix);
}

std::optional<Profile> Profiles::load(const std::string& name) const {
  const std::string file = path(name);
  const auto text = folder_.empty() ? std::nullopt : system::read_private_file(file, "the profile");
  if (!text) return std::nullopt;
  std::string problem;
  const auto document = codec::decode(*text, problem);
  if (!document) throw Error(ErrorKind::usage, fmt::format("the profile {} is damaged: {}", file, problem));
  return Profile{Secret(document->text_at("token")), document->text_at("api_url"), document->text_at("organization"),
                 document->text_at("user")};
}

void Profiles::check_writable(const std::string& name) const {
  const std::string file = path(name);
  if (folder_.empty())
    throw Error(ErrorKind::usage, "cannot store the profile: neither XDG_CONFIG_HOME nor HOME is an absolute path");
  system::refuse_symlink(file, "the profile");
}

void Profiles::save(const std::string& name, const Profile& profile) const {
  const std::string file = path(name);
  check_writable(name);
  Value document;
  document.set("api_url", profile.api_url);
  document.set("organization", profile.organization);
  document.set("token", profile.token.reveal());
  document.set("user", profile.user);
  system::make_private_folder(folder_);
  system::replace_private_file(file, codec::encode_indented(document) + "\n", "the profile");
}

bool Profiles::remove(const std::string& name) const {
  const std::string file = path(name);
  system::refuse_symlink(file, "the profile");
  std::error_code problem;
  const bool removed = !folder_.empty() && std::filesystem::remove(file, problem);
  if (problem) throw Error(ErrorKind::usage, fmt::format("cannot remove the profile {}: {}", file, problem.message()));
  return removed;
}

std::vector<std::string> Profiles::names() const {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, problem)) {
    const std::string file = entry.path().filename();
    if (file.ends_with(suffix) && is_id(file.substr(0, file.size() - suffix.size())))
      names.push_back(file.substr(0, file.size() - suffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Error Profiles::missing(const std::string& name) const {
  const auto stored = names();
  Error error(ErrorKind::unauthenticated, fmt::format("there is no profile {}", name));
  error.hint = stored.empty() ? fmt::format("run 'bookafy login --profile {}' to store it", name)
                              : fmt::format("use one of the stored profiles: {}", fmt::join(stored, ", "));
  return error;
}

}  // namespace bookafy::profile
