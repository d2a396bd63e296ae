#include <locale.h>

#include <algorithm>

#include "bookafy/validation.hpp"
#include "net/handle.hpp"

namespace bookafy {
namespace {

/// libidn2 reads a name in the encoding of the locale. Switches this thread only.
class Utf8Locale {
 public:
  Utf8Locale() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(utf8_ ? uselocale(utf8_) : nullptr) {}
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() {
    if (!utf8_) return;
    uselocale(before_);
    freelocale(utf8_);
  }

 private:
  locale_t utf8_;
  locale_t before_;
};

/// Where the parts of a URL begin and end. The scheme is known to be followed by `://`.
struct Authority {
  explicit Authority(std::string_view url)
      : begin(url.find("://") + 3),
        end(std::min(url.find_first_of("/?#", begin), url.size())),
        text(url.substr(begin, end - begin)) {}

  /// With the `@`; empty when there is none.
  std::string_view user_info() const { return text.substr(0, text.rfind('@') + 1); }
  bool is_plain() const {
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x80 || c == '%'; });
  }

  std::size_t begin;
  std::size_t end;
  std::string_view text;
};

bool is_name_character(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/// RFC 1035 section 2.3.4, and underscores, which names in use have. An empty label is none; a final dot is the root's.
bool is_host_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  constexpr std::size_t longest_name = 253;
  constexpr std::size_t longest_label = 63;
  if (name.empty() || name.size() > longest_name) return false;
  std::size_t numbers = 0;
  std::size_t labels = 0;
  bool ends_in_number = false;
  for (std::size_t at = 0; at <= name.size(); ++labels) {
    const auto label = name.substr(at, name.find('.', at) - at);
    if (label.empty() || label.size() > longest_label || !std::all_of(label.begin(), label.end(), is_name_character))
      return false;
    ends_in_number = label.find_first_not_of("0123456789") == std::string_view::npos;
    numbers += ends_in_number && label.size() <= 3 && std::stoi(std::string(label)) <= 255 ? 1 : 0;
    at += label.size() + 1;
  }
  // libcurl has made four numbers of every form of an IPv4 address. No top-level domain is a number.
  return !ends_in_number || (labels == 4 && numbers == 4);
}

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// In ASCII; empty when it is not valid.
std::string host_of(CURLU* url, bool is_plain) {
  std::string host;
  if (is_plain) {
    host = part(url, CURLUPART_HOST);
  } else {
    const Utf8Locale utf8;
#ifdef CURLU_PUNYCODE
    host = part(url, CURLUPART_HOST, CURLU_PUNYCODE);
#else
    host = part(url, CURLUPART_HOST);
#endif
  }
  if (host.starts_with('[')) return host.substr(1, host.size() - 2);
  return is_host_name(host) ? host : "";
}

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

std::string with_port(const std::string& port) { return port.empty() ? "" : ":" + port; }

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  // libcurl forgives one or three slashes after the scheme and raw spaces; a server may not.
  const auto slashes = text.find("://");
  if (slashes == std::string_view::npos || slashes + 3 >= text.size() || text[slashes + 3] == '/') return std::nullopt;
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f || c == '\\'; }))
    return std::nullopt;

  const net::UrlHandle url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) return std::nullopt;
  Url parsed;
  parsed.scheme = part(url.get(), CURLUPART_SCHEME);
  const Authority authority(text);
  parsed.host = host_of(url.get(), authority.is_plain());
  if ((parsed.scheme != "http" && parsed.scheme != "https") || parsed.host.empty()) return std::nullopt;
  parsed.port = part(url.get(), CURLUPART_PORT);
  if (parsed.port == "0") return std::nullopt;
  parsed.path = part(url.get(), CURLUPART_PATH);
  parsed.query = part(url.get(), CURLUPART_QUERY);
  // An empty user or fragment (`https://@host/#`) is still one: libcurl does not report it.
  parsed.has_user_info = !authority.user_info().empty();
  parsed.has_fragment = text.find('#') != std::string_view::npos;
  return parsed;
}

std::string normalized_url(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return std::string(text);
  const Authority authority(text);
  // libcurl takes the zone of an IPv6 address (`[fe80::1%25eth0]`) for no part of the host.
  if (url->host.find(':') != std::string::npos && !authority.is_plain()) return std::string(text);
  std::string host = url->host;
  std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return std::tolower(c); });
  const bool is_default_port = url->port == (url->scheme == "https" ? "443" : "80");
  const auto rest = text.substr(authority.end);
  return url->scheme + "://" + std::string(authority.user_info()) + bracketed(host) +
         (is_default_port ? "" : with_port(url->port)) + (rest.starts_with('/') ? "" : "/") + std::string(rest);
}

bool same_url(std::string_view a, std::string_view b) { return a == b || normalized_url(a) == normalized_url(b); }

std::string url_with_ascii_host(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return std::string(text);
  const Authority authority(text);
  if (authority.is_plain() || url->host.find(':') != std::string::npos) return std::string(text);
  return std::string(text.substr(0, authority.begin)) + std::string(authority.user_info()) + url->host +
         with_port(url->port) + std::string(text.substr(authority.end));
}

}  // namespace bookafy
