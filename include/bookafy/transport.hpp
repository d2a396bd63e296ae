/// The way to the network.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "bookafy/http.hpp"

namespace bookafy::http {

struct TransportOptions {
  std::chrono::milliseconds timeout{30'000};          ///< for a whole request, connecting included
  std::chrono::milliseconds connect_timeout{10'000};  ///< name look-up and handshakes
  std::string ca_file{};                              ///< trust these certificates and no others; empty: the system's
  std::string user_agent{};                           ///< empty: the library's name and version
};

/// Many requests at once over HTTP/2 or HTTP/1.1, TLS always verified, redirects never followed. Throws Error
/// (internal) when libcurl cannot be had.
std::unique_ptr<Transport> make_transport(TransportOptions options = {});

}  // namespace bookafy::http
