/// Sending deliveries as the API does: a POST each, signed when it goes out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "bookafy/http.hpp"
#include "bookafy/secret.hpp"
#include "bookafy/signature.hpp"

namespace bookafy::delivery {

struct SenderOptions {
  std::string url;
  std::optional<Secret> signing_key;              ///< none: unsigned
  std::function<std::chrono::sys_seconds()> now;  ///< the time that is signed
  std::size_t at_once = 1;                        ///< requests in flight at most
};

/// The request of one delivery.
http::Request signed_delivery(const std::string& url, std::string body, const SigningKey* key,
                              std::chrono::sys_seconds time);

/// Takes bodies from `next` until it has none, and hands each outcome to `done` with the body's number, from 0. Each is
/// sent once; again only when a connection that was kept open turns out to be closed. Throws http::Interrupted.
void send_all(const SenderOptions& options, http::Transport& transport,
              const std::function<std::optional<std::string>()>& next,
              const std::function<void(std::uint64_t, const http::Outcome&)>& done);

}  // namespace bookafy::delivery
