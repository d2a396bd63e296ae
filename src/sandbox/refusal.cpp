#include "sandbox/refusal.hpp"

namespace bookafy::sandbox {
namespace {

Value error(std::string_view title, std::string_view message) {
  return Value::Object{{"title", title}, {"message", message}};
}

}  // namespace

Refusal invalid_arguments(const std::vector<Detail>& details) {
  constexpr std::string_view title = "Invalid Argument";
  constexpr std::string_view message = "The supplied parameters are invalid.";
  if (details.empty()) return {400, error(title, message)};
  Value::Array items;
  for (const Detail& detail : details)
    items.emplace_back(Value::Object{{"message", detail.message}, {"parameter", detail.parameter}});
  return {400, Value::Object{{"details", std::move(items)}, {"message", message}, {"title", title}}};
}

Refusal unauthenticated() { return {401, error("Unauthenticated", "The access token is invalid")}; }

Refusal forbidden(std::string_view message) { return {403, error("Permission Denied", message)}; }

Refusal insufficient_scope(const std::vector<std::string_view>& required) {
  Value body = error("Insufficient scope", "This operation requires the scopes listed in the 'required_scopes' array.");
  body.set("required_scopes", Value::Array(required.begin(), required.end()));
  return {403, std::move(body)};
}

Refusal not_found() { return {404, error("Resource Not Found", "The server could not find the requested resource.")}; }

Refusal already_exists(std::string_view message) { return {409, error("Already Exists", message)}; }

Refusal too_many_requests() { return {429, error("Too Many Requests", "The rate limit was exceeded.")}; }

Refusal internal_error() {
  return {500, error("Internal Server Error",
                     "The server encountered an unexpected condition that prevented it from fulfilling the request.")};
}

}  // namespace bookafy::sandbox
