#include "bookafy/http.hpp"

#include <algorithm>

namespace bookafy::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_named(const Header& header, std::string_view name) {
  return std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view header(const std::vector<Header>& headers, std::string_view name) {
  auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& one) { return is_named(one, name); });
  return found == headers.end() ? std::string_view() : found->value;
}

}  // namespace bookafy::http
