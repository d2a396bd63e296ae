/// A JSON value as the server sent it: key order, unknown keys and every digit of a number are kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bookafy {

class Value {
 public:
  using Null = std::monostate;
  using Array = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Object = std::vector<Member>;
  /// A number that is not a 64-bit signed integer, as its JSON text (`1.50`, `18446744073709551615`).
  struct Decimal {
    std::string text;
    bool operator==(const Decimal&) const = default;
  };

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool flag) : data_(flag) {}
  Value(int number) : data_(std::int64_t{number}) {}
  Value(std::int64_t number) : data_(number) {}
  Value(Decimal number) : data_(std::move(number)) {}
  Value(const char* text) : data_(std::string(text)) {}
  Value(std::string_view text) : data_(std::string(text)) {}
  Value(std::string text) : data_(std::move(text)) {}
  Value(Array items) : data_(std::move(items)) {}
  Value(Object members) : data_(std::move(members)) {}

  bool operator==(const Value&) const = default;

  bool is_null() const { return std::holds_alternative<Null>(data_); }
  /// The typed content, or nullptr when the value is of another type.
  const bool* boolean() const { return std::get_if<bool>(&data_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }
  const Decimal* decimal() const { return std::get_if<Decimal>(&data_); }
  const std::string* string() const { return std::get_if<std::string>(&data_); }
  const Array* array() const { return std::get_if<Array>(&data_); }
  const Object* object() const { return std::get_if<Object>(&data_); }
  Array* array() { return std::get_if<Array>(&data_); }
  Object* object() { return std::get_if<Object>(&data_); }

  /// The member of an object; nullptr when absent or when this is no object. The last of duplicate keys wins.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// Follows a dotted path through objects and arrays: `tracking.utm_source`, `questions_and_answers.0.answer`.
  const Value* at_path(std::string_view dotted) const;
  /// The member's text; empty when the member is absent or is not a string.
  std::string text_at(std::string_view key) const;
  /// Sets or appends a member; a null value becomes an object first.
  void set(std::string_view key, Value value);

 private:
  std::variant<Null, bool, std::int64_t, Decimal, std::string, Array, Object> data_;
};

}  // namespace bookafy
