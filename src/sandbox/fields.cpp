#include "sandbox/fields.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace bookafy::sandbox {
namespace {

constexpr std::string_view missing = "is missing";
constexpr std::string_view must_be_filled = "must be filled";
constexpr std::string_view invalid = "is invalid";

}  // namespace

const Value* Fields::member(std::string_view name, Need need) {
  const Value* found = source_.find(name);
  if (found && !found->is_null()) return found;
  if (need == Need::required) complain(name, missing);
  return nullptr;
}

std::optional<std::string> Fields::text(std::string_view name, Need need) {
  const Value* found = member(name, need);
  if (!found) return std::nullopt;
  const std::string* text = found->string();
  if (text && !text->empty()) return *text;
  complain(name, text ? must_be_filled : invalid);
  return std::nullopt;
}

std::optional<std::string> Fields::reference(std::string_view name, ResourceKind kind, Need need) {
  const auto uri = text(name, need);
  if (!uri) return std::nullopt;
  const auto resource = parse_resource(*uri);
  // A host is there only where a full URI was given.
  if (resource && resource->kind == kind && !resource->host.empty() && resource->id != "me") return resource->path();
  complain(name, invalid);
  return std::nullopt;
}

std::optional<std::string> Fields::one_of(std::string_view name, std::span<const std::string_view> words, Need need) {
  auto word = text(name, need);
  if (!word || std::find(words.begin(), words.end(), *word) != words.end()) return word;
  complain(name, invalid);
  return std::nullopt;
}

std::optional<Scope> Fields::scope(Need need) {
  const auto word = text("scope", need);
  if (!word) return std::nullopt;
  const auto scope = parse_scope(*word);
  if (!scope) complain("scope", invalid);
  return scope;
}

std::optional<Timestamp> Fields::instant(std::string_view name) {
  const auto written = text(name);
  if (!written) return std::nullopt;
  const auto instant = parse_timestamp(*written);
  if (!instant) complain(name, invalid);
  return instant;
}

std::optional<int> Fields::number(std::string_view name, int lowest, int highest) {
  const auto written = text(name);
  if (!written) return std::nullopt;
  int number = 0;
  const char* end = written->data() + written->size();
  const auto [stop, problem] = std::from_chars(written->data(), end, number);
  if (problem == std::errc() && stop == end && number >= lowest && number <= highest) return number;
  complain(name, invalid);
  return std::nullopt;
}

std::vector<std::string> Fields::texts(std::string_view name) {
  std::vector<std::string> texts;
  const Value* found = member(name, Need::required);
  if (!found) return texts;
  const Value::Array* items = found->array();
  if (items && items->empty()) complain(name, must_be_filled);
  if (!items) complain(name, invalid);
  if (!items || items->empty()) return texts;
  for (const Value& item : *items)
    if (const std::string* text = item.string(); text && !text->empty()) texts.push_back(*text);
  if (texts.size() < items->size() || std::set(texts.begin(), texts.end()).size() < texts.size())
    complain(name, invalid);
  return texts;
}

void Fields::complain(std::string_view name, std::string_view message) {
  details_.push_back({std::string(name), std::string(message)});
}

void Fields::check() const {
  if (!details_.empty()) throw invalid_arguments(details_);
}

}  // namespace bookafy::sandbox
