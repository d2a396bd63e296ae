#include "bookafy/value.hpp"

#include <algorithm>
#include <charconv>

namespace bookafy {

const Value* Value::find(std::string_view key) const {
  const Object* members = object();
  if (!members) return nullptr;
  auto found =
      std::find_if(members->rbegin(), members->rend(), [&](const Member& member) { return member.first == key; });
  return found == members->rend() ? nullptr : &found->second;
}

Value* Value::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

const Value* Value::at_path(std::string_view dotted) const {
  const Value* here = this;
  while (here) {
    auto dot = dotted.find('.');
    auto step = dotted.substr(0, dot);
    if (const Array* items = here->array()) {
      std::size_t index = 0;
      auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), index);
      bool is_index = problem == std::errc{} && end == step.data() + step.size();
      here = is_index && index < items->size() ? &(*items)[index] : nullptr;
    } else {
      here = here->find(step);
    }
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  return here;
}

std::string Value::text_at(std::string_view key) const {
  const Value* member = find(key);
  const std::string* text = member ? member->string() : nullptr;
  return text ? *text : std::string();
}

void Value::set(std::string_view key, Value value) {
  if (Value* present = find(key)) {
    *present = std::move(value);
    return;
  }
  if (!object()) data_ = Object();
  object()->emplace_back(std::string(key), std::move(value));
}

}  // namespace bookafy
