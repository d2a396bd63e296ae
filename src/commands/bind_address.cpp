#include "commands/bind_address.hpp"

#include <fmt/format.h>

#include <charconv>

#include "bookafy/error.hpp"

namespace bookafy::commands {

BindAddress parse_bind_address(std::string_view text) {
  BindAddress address;
  const auto colon = text.rfind(':');
  const auto digits = text.substr(colon == std::string_view::npos ? 0 : colon + 1);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  const bool whole = problem == std::errc{} && end == digits.data() + digits.size();
  if (!whole || address.port < 0 || address.port > 65535)
    throw Error(ErrorKind::usage, fmt::format("--bind {} is not ADDRESS:PORT", text));
  if (colon == std::string_view::npos) return address;
  address.host = text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  return address;
}

}  // namespace bookafy::commands
