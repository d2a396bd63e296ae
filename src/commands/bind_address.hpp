/// Addresses to listen on, as users write them.
#pragma once

#include <string>
#include <string_view>

namespace bookafy::commands {

struct BindAddress {
  std::string host = "127.0.0.1";  ///< without the brackets of an IPv6 address
  int port = 0;                    ///< 0: any free one
};

/// `ADDRESS:PORT`, `[ADDRESS]:PORT` or `PORT`. Throws Error (usage).
BindAddress parse_bind_address(std::string_view text);

}  // namespace bookafy::commands
