/// Accepts the connections of a server.
#pragma once

#include <microhttpd.h>
#include <sys/socket.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "server/connections.hpp"
#include "server/listener.hpp"

namespace bookafy::server {

/// libmicrohttpd's own accepting stops for good when it fails once. This one waits until a connection is closed, or a
/// second, and says when it begins to wait and when that is over. On the server's thread alone.
class Acceptor {
 public:
  /// `report` may be empty.
  Acceptor(Listener listener, Connections& connections, std::function<void(const std::string&)> report);

  /// The socket to watch; -1 while no connection can be accepted.
  int descriptor() const;
  /// Clients wait; accept_arrived() has to be called within a second.
  bool is_waiting() const { return is_failing_ || is_full_; }
  /// Hands the connections that have arrived over to the daemon. `has_arrived`: the socket is readable; `is_due`: it is
  /// time to try again after a failure.
  void accept_arrived(MHD_Daemon* daemon, bool has_arrived, bool is_due);
  /// From here on the port is closed.
  void close() { listener_.reset(); }

 private:
  bool accept_one(MHD_Daemon* daemon);
  bool add(MHD_Daemon* daemon, int descriptor, const sockaddr_storage& address, socklen_t size);
  void fail(int error);
  void say(const std::string& text) const;

  std::optional<Listener> listener_;
  Connections& connections_;
  std::function<void(const std::string&)> report_;
  bool is_failing_ = false;
  bool is_full_ = false;
  std::size_t open_at_failure_ = 0;  ///< connections
};

}  // namespace bookafy::server
