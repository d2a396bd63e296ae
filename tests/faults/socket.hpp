/// Raw TCP on 127.0.0.1, for tests that misuse it.
#pragma once

#include <string>
#include <string_view>

namespace faults {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(); }

  /// On a free port. Throws std::system_error.
  static Socket listening();
  static Socket connected_to(int port);

  int port() const;
  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  /// The next connection; a closed socket once `shut` was called.
  Socket accept() const;
  /// False when the peer has gone.
  bool send(std::string_view bytes) const;
  /// What has come, waiting for at least a byte; empty at the end of the stream.
  std::string receive() const;
  /// Wakes who waits in accept or receive.
  void shut() const;
  void close();
  /// Closes with RST instead of FIN.
  void reset();

 private:
  int descriptor_ = -1;
};

}  // namespace faults
