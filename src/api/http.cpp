#include "bookafy/http.hpp"

#include <algorithm>

namespace bookafy::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view header(const std::vector<Header>& headers, std::string_view name) {
  auto same = [&](const Header& one) {
    return std::equal(one.name.begin(), one.name.end(), name.begin(), name.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
  };
  auto found = std::find_if(headers.begin(), headers.end(), same);
  return found == headers.end() ? std::string_view() : found->value;
}

}  // namespace bookafy::http
