/// What can be known to be wrong before anything is sent.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/scope.hpp"
#include "bookafy/secret.hpp"

namespace bookafy {

/// A parsed absolute http or https URL.
struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< ASCII: an internationalized name in punycode, an IPv6 address without its brackets
  std::string port;    ///< empty when not written
  std::string path;    ///< at least `/`
  std::string query;   ///< without the `?`
  bool has_user_info = false;
  bool has_fragment = false;
};

/// nullopt unless it is an absolute http or https URL with a valid host and port, and no white space or control
/// character. An internationalized name needs libcurl 7.88 with libidn2.
std::optional<Url> parse_url(std::string_view text);
/// The form in which URLs are compared: scheme and host in lower case, the host in punycode, without the default port,
/// with a slash for an empty path. What is no URL is returned as it is.
std::string normalized_url(std::string_view text);
bool same_url(std::string_view a, std::string_view b);
/// The URL with its host in punycode, otherwise as written.
std::string url_with_ascii_host(std::string_view text);
/// localhost, 127.0.0.0/8 and ::1 (RFC 6761, RFC 5735, RFC 4291).
bool is_loopback(std::string_view host);

/// Each returns a complaint, or an empty text when there is none.
std::string callback_url_problem(std::string_view url);
std::string callback_url_warning(std::string_view url);
std::string token_problem(const Secret& token);

/// Whether a text can be one e-mail address: one `@` between two parts without white space, control characters and
/// delimiters.
bool is_email(std::string_view text);
/// Compares e-mail addresses; the case of ASCII letters does not matter.
bool same_email(std::string_view a, std::string_view b);

/// Complaints about the events of one subscription: names that the scope does not allow and, unless `allow_unknown`,
/// names that are not known (the API's list grows).
std::vector<std::string> event_problems(std::span<const std::string> events, Scope scope, bool allow_unknown);

}  // namespace bookafy
