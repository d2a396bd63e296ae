#include "manifest/writer.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <tuple>

#include "api/codec.hpp"

namespace bookafy::manifest {
namespace {

Value to_value(const Entry& entry) {
  Value value;
  value.set("url", entry.url);
  value.set("scope", to_string(entry.scope));
  if (!entry.organization.empty()) value.set("organization", entry.organization);
  if (!entry.user.empty()) value.set("user", entry.user);
  if (!entry.group.empty()) value.set("group", entry.group);
  value.set("events", Value::Array(entry.events.begin(), entry.events.end()));
  if (!entry.check_events) value.set("check_events", false);
  if (entry.signing_key) {
    const bool is_variable = entry.signing_key->kind == KeySource::Kind::environment;
    value.set("signing_key", Value::Object{{is_variable ? "env" : "file", entry.signing_key->name}});
  }
  return value;
}

void emit(YAML::Emitter& out, const Value& value) {
  if (const auto* text = value.string()) {
    out << *text;
  } else if (const auto* flag = value.boolean()) {
    out << *flag;
  } else if (const auto* items = value.array()) {
    out << YAML::BeginSeq;
    for (const Value& item : *items) emit(out, item);
    out << YAML::EndSeq;
  } else if (const auto* members = value.object()) {
    out << YAML::BeginMap;
    for (const auto& [key, member] : *members) {
      out << YAML::Key << key << YAML::Value;
      emit(out, member);
    }
    out << YAML::EndMap;
  }
}

}  // namespace

std::string schema_path() { return BOOKAFY_SCHEMA; }

void sort(Manifest& entries) {
  for (Entry& entry : entries) std::sort(entry.events.begin(), entry.events.end());
  auto key = [](const Entry& entry) {
    return std::tie(entry.scope, entry.organization, entry.user, entry.group, entry.url);
  };
  std::stable_sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

std::string to_yaml(const Manifest& entries, const std::vector<std::string>& notes) {
  std::string text = fmt::format("# yaml-language-server: $schema={}\n", schema_path());
  for (const std::string& note : notes) text += fmt::format("# {}\n", note);
  if (entries.empty()) return text + "subscriptions: []\n";
  YAML::Emitter out;
  out.SetOutputCharset(YAML::EscapeNonAscii);
  Value::Array list;
  for (const Entry& entry : entries) list.push_back(to_value(entry));
  emit(out, Value::Object{{"subscriptions", std::move(list)}});
  return text + out.c_str() + "\n";
}

std::string to_json(const Manifest& entries) {
  Value::Array list;
  for (const Entry& entry : entries) list.push_back(to_value(entry));
  return codec::encode_indented(Value::Object{{"$schema", schema_path()}, {"subscriptions", std::move(list)}}) + "\n";
}

}  // namespace bookafy::manifest
