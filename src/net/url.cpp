#include <algorithm>

#include "bookafy/validation.hpp"
#include "net/handle.hpp"

namespace bookafy {
namespace {

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

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
  parsed.host = part(url.get(), CURLUPART_HOST);
  if ((parsed.scheme != "http" && parsed.scheme != "https") || parsed.host.empty()) return std::nullopt;
  if (parsed.host.front() == '[') parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  parsed.port = part(url.get(), CURLUPART_PORT);
  parsed.path = part(url.get(), CURLUPART_PATH);
  parsed.query = part(url.get(), CURLUPART_QUERY);
  // An empty user or fragment (`https://@host/#`) is still one: libcurl does not report it.
  const auto authority = text.substr(slashes + 3, text.find_first_of("/?#", slashes + 3) - slashes - 3);
  parsed.has_user_info = authority.find('@') != std::string_view::npos;
  parsed.has_fragment = text.find('#') != std::string_view::npos;
  return parsed;
}

}  // namespace bookafy
