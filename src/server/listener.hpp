/// A listening TCP socket.
#pragma once

#include <string>

namespace bookafy::server {

class Listener {
 public:
  /// `host` is a numeric address (IPv6 with or without brackets) or localhost; port 0 takes any free one.
  /// Throws Error (usage) when the address is none or cannot be had.
  Listener(const std::string& host, int port);
  Listener(Listener&& other) noexcept;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  int descriptor() const { return descriptor_; }
  /// Hands the socket over to the caller, who closes it.
  int release();
  int port() const { return port_; }
  /// Where it can be reached from this host, which for a wildcard address is the loopback address of its family:
  /// `http://127.0.0.1:8025`, `http://[::1]:8025`
  std::string base_url() const { return "http://" + authority_; }

 private:
  int descriptor_ = -1;
  int port_ = 0;
  std::string authority_;
};

}  // namespace bookafy::server
