#include "net/query.hpp"

#include <charconv>

namespace bookafy {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4U], digits[byte & 0xfU]};
  }
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Query& Query::add(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  if (!text_.empty()) text_ += '&';
  text_.append(name).append("=").append(percent_encoded(value));
  return *this;
}

std::string Query::after(std::string_view path) const {
  std::string target(path);
  if (!text_.empty()) target.append(path.find('?') == std::string_view::npos ? "?" : "&").append(text_);
  return target;
}

std::string query_value(std::string_view url, std::string_view name) {
  url = url.substr(0, url.find('#'));
  auto start = url.find('?');
  while (start != std::string_view::npos) {
    url.remove_prefix(start + 1);
    const auto pair = url.substr(0, url.find('&'));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return percent_decoded(pair.substr(name.size() + 1));
    start = url.find('&');
  }
  return {};
}

}  // namespace bookafy
