/// The proxies that the usual variables name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bookafy::net {

/// Address and credentials are kept apart, because libcurl's messages quote the address that they are given.
struct Proxy {
  std::string variable;  ///< `https_proxy`
  std::string address;   ///< `http://HOST:PORT`; empty when the variable's value is no address of a proxy
  std::string user;      ///< decoded, as `password` is
  std::string password;

  /// `proxy HOST:PORT (https_proxy)`, without anything that may be a credential.
  std::string name() const;
};

/// Reads `[SCHEME://][USER[:PASSWORD]@]HOST[:PORT]`. All up to the last `@` is credentials, whatever it contains.
Proxy parse_proxy(std::string_view variable, std::string_view value);

/// Whether a `no_proxy` list has that host: by its name, a domain that it is in, its address or a network in CIDR form.
bool bypasses_proxy(std::string_view no_proxy, std::string_view host);

/// The variables that libcurl knows, read once. A lower-case variable wins; `HTTP_PROXY` does not count, since a web
/// server sets it from a request's header.
class ProxyVariables {
 public:
  ProxyVariables();
  /// For a URL of that scheme (`http`, `https`) and host; null when the request goes directly. Valid for as long as the
  /// object.
  const Proxy* find(std::string_view scheme, std::string_view host) const;

 private:
  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  std::string no_proxy_;
};

}  // namespace bookafy::net
