#include "commands/sample_changes.hpp"

#include <fmt/format.h>

#include <charconv>

#include "api/codec.hpp"
#include "system/file.hpp"

namespace bookafy::commands {
namespace {

constexpr std::size_t largest_file = std::size_t{16} * 1024 * 1024;

/// JSON where the text is JSON: numbers, true, false, null, objects, arrays, quoted texts. Any other text is itself.
Value value_of(const std::string& text) {
  std::string problem;
  auto value = codec::decode(text, problem);
  return value ? std::move(*value) : Value(text);
}

Error leads_nowhere(const std::string& path) {
  return {ErrorKind::usage, fmt::format("--data {}: the path leads through something that has no members", path)};
}

/// The place that a step of a path means, made when it is not there yet.
Value& step_into(Value& parent, std::string_view step, const std::string& path) {
  if (Value::Array* items = parent.array()) {
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), index);
    if (problem != std::errc{} || end != step.data() + step.size() || index > items->size()) throw leads_nowhere(path);
    if (index == items->size()) items->emplace_back();
    return (*items)[index];
  }
  if (!parent.object() && !parent.is_null()) throw leads_nowhere(path);
  if (!parent.find(step)) parent.set(step, Value());
  return *parent.find(step);
}

}  // namespace

SampleChanges::SampleChanges(const std::vector<std::string>& data, Context& context) {
  for (const std::string& item : data) {
    if (const auto equals = item.find('='); equals != std::string::npos) {
      changes_.push_back({item.substr(0, equals), value_of(item.substr(equals + 1))});
      continue;
    }
    std::string problem;
    const auto value = codec::decode(system::read_file(item, context.in, "the data file", largest_file), problem);
    if (!value || !value->object())
      throw Error(ErrorKind::usage,
                  fmt::format("the data file {} is no JSON object{}", item, value ? "" : ": " + problem));
    for (const auto& [key, member] : *value->object()) changes_.push_back({key, member});
  }
}

void SampleChanges::apply(Value& delivery) const {
  for (const Change& change : changes_) {
    std::string_view rest = change.path;
    const bool in_envelope = delivery.find(rest.substr(0, rest.find('.'))) != nullptr;
    Value* place = in_envelope ? &delivery : delivery.find("payload");
    while (true) {
      const auto dot = rest.find('.');
      place = &step_into(*place, rest.substr(0, dot), change.path);
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
    }
    *place = change.value;
  }
}

}  // namespace bookafy::commands
