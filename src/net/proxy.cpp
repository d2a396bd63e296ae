#include "net/proxy.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <span>
#include <vector>

#include "net/query.hpp"

namespace bookafy::net {
namespace {

constexpr std::array schemes{"http", "https", "socks4", "socks4a", "socks5", "socks5h"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

/// A plus sign stands for itself in front of a host.
std::string decoded_credential(std::string_view text) {
  std::string encoded;
  for (const char c : text) c == '+' ? encoded.append("%2B") : encoded.append(1, c);
  return percent_decoded(encoded);
}

bool is_host_character(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_' || c >= 0x80;
}

bool is_host(std::string_view host) {
  if (!host.starts_with('[')) return !host.empty() && std::all_of(host.begin(), host.end(), is_host_character);
  in6_addr address{};
  const std::string inside(host.substr(1, host.find_first_of("]%") - 1));
  return inet_pton(AF_INET6, inside.c_str(), &address) == 1;
}

bool is_port(std::string_view port) {
  unsigned number = 0;
  const char* end = port.data() + port.size();
  return std::from_chars(port.data(), end, number).ptr == end && number > 0 && number <= 65535;
}

/// `HOST[:PORT]`, whatever path follows it left out; empty when it is none.
std::string checked_authority(std::string_view text) {
  text = text.substr(0, text.find_first_of("/?#"));
  const auto host_end = text.starts_with('[') ? text.find(']') : text.find(':');
  if (text.starts_with('[') && host_end == std::string_view::npos) return {};
  const auto host = text.substr(0, text.starts_with('[') ? host_end + 1 : host_end);
  const auto port = text.substr(host.size());
  if (!is_host(host)) return {};
  if (port.empty() || port == ":") return std::string(host);
  return port.front() == ':' && is_port(port.substr(1)) ? std::string(text) : std::string();
}

/// An IPv4 or IPv6 address as its bytes; empty when the text is none.
std::vector<unsigned char> address_bytes(std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const std::string copy(text);
  if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.begin() + sizeof(in_addr)};
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.end()};
  return {};
}

bool is_in_network(const std::vector<unsigned char>& address, std::string_view network) {
  const auto slash = network.find('/');
  const auto base = address_bytes(network.substr(0, slash));
  if (base.size() != address.size()) return false;
  std::size_t bits = address.size() * 8;
  if (slash != std::string_view::npos) {
    const auto text = network.substr(slash + 1);
    const char* end = text.data() + text.size();
    if (text.empty() || std::from_chars(text.data(), end, bits).ptr != end || bits > address.size() * 8) return false;
  }
  for (std::size_t bit = 0; bit < bits; ++bit)
    if (((address[bit / 8] ^ base[bit / 8]) >> (7 - bit % 8) & 1) != 0) return false;
  return true;
}

bool is_in_domain(std::string_view host, std::string_view domain) {
  if (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty() || !host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

std::string variable(const char* name) {
  struct Free {
    void operator()(char* text) const { curl_free(text); }
  };
  const std::unique_ptr<char, Free> value(curl_getenv(name));
  return value ? value.get() : "";
}

std::optional<Proxy> first_proxy(std::span<const char* const> names) {
  for (const char* name : names)
    if (const std::string value = variable(name); !value.empty()) return parse_proxy(name, value);
  return std::nullopt;
}

}  // namespace

std::string Proxy::name() const {
  return fmt::format("proxy {} ({})", std::string_view(address).substr(address.find("://") + 3), variable);
}

Proxy parse_proxy(std::string_view variable, std::string_view value) {
  Proxy proxy{.variable = std::string(variable), .address = {}, .user = {}, .password = {}};
  std::string scheme = "http";
  if (const auto end = value.find("://"); end != std::string_view::npos && end == value.find_first_of("@:/")) {
    scheme = lower_case(value.substr(0, end));
    if (std::find(schemes.begin(), schemes.end(), scheme) == schemes.end()) return proxy;
    value.remove_prefix(end + 3);
  }
  if (const auto sign = value.rfind('@'); sign != std::string_view::npos) {
    const auto credentials = value.substr(0, sign);
    const auto colon = credentials.find(':');
    proxy.user = decoded_credential(credentials.substr(0, colon));
    if (colon != std::string_view::npos) proxy.password = decoded_credential(credentials.substr(colon + 1));
    value.remove_prefix(sign + 1);
  }
  // libcurl takes texts up to the first NUL.
  if ((proxy.user + proxy.password).find('\0') != std::string::npos) return proxy;
  if (const auto authority = checked_authority(value); !authority.empty()) proxy.address = scheme + "://" + authority;
  return proxy;
}

bool bypasses_proxy(std::string_view no_proxy, std::string_view host) {
  if (no_proxy == "*") return true;
  const std::string list = lower_case(no_proxy);
  std::string name = lower_case(host);
  if (name.ends_with('.')) name.pop_back();
  const auto address = address_bytes(name);
  constexpr std::string_view separators = ", \t";
  for (std::size_t start = 0; (start = list.find_first_not_of(separators, start)) != std::string::npos;) {
    const auto end = std::min(list.find_first_of(separators, start), list.size());
    const auto entry = std::string_view(list).substr(start, end - start);
    if (address.empty() ? is_in_domain(name, entry) : is_in_network(address, entry)) return true;
    start = end;
  }
  return false;
}

ProxyVariables::ProxyVariables()
    : http_(first_proxy(std::array{"http_proxy", "all_proxy", "ALL_PROXY"})),
      https_(first_proxy(std::array{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})),
      no_proxy_(variable("no_proxy")) {
  if (no_proxy_.empty()) no_proxy_ = variable("NO_PROXY");
}

const Proxy* ProxyVariables::find(std::string_view scheme, std::string_view host) const {
  const auto& proxy = scheme == "https" ? https_ : http_;
  return proxy && !bypasses_proxy(no_proxy_, host) ? &*proxy : nullptr;
}

}  // namespace bookafy::net
