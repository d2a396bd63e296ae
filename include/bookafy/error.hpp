/// What can go wrong, as data: one type, one kind an exit status.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bookafy {

enum class ErrorKind {
  internal,
  usage,
  unauthenticated,
  forbidden,
  not_found,
  conflict,
  rate_limited,
  network,
  server,
  partial,
  changes,
  unverified,
  unhealthy,
};

/// The name users see in JSON errors (`not_found`).
std::string_view to_string(ErrorKind kind);
/// The exit status of the program for this kind, 1 to 13.
int exit_code(ErrorKind kind);
/// The kind that an HTTP status of the API means; `server` for one the API does not document.
ErrorKind kind_of_status(int status);

/// One entry of an API error's `details`.
struct ErrorDetail {
  std::string parameter;
  std::string message;
  std::string code;
};

/// Every text in it may come from a stranger: escape it before it reaches a terminal.
struct Error : std::exception {
  Error(ErrorKind error_kind, std::string text) : kind(error_kind), message(std::move(text)) {}

  /// The message, or the title of an API's error that has none. Valid until either changes.
  const char* what() const noexcept override { return message.empty() ? title.c_str() : message.c_str(); }

  ErrorKind kind;
  std::string attempted;  ///< what was being done: `cannot create the subscription`; may be empty
  int status = 0;         ///< the HTTP status, 0 when there was no answer
  std::string title;      ///< the API's `title`
  std::string message;    ///< the API's `message`, or ours
  std::vector<ErrorDetail> details;
  std::vector<std::string> required_scopes;  ///< of an insufficient-scope 403
  std::string request_id;
  std::string hint;  ///< what to do next; empty unless really known
};

/// Does the work, and returns the Error that it throws, if any: for callers that go on with the next item.
template <typename Work>
std::optional<Error> error_of(const Work& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace bookafy
