#include "faults/socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace faults {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

Socket new_socket() {
  Socket made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!made.is_open()) throw std::system_error(errno, std::generic_category(), "socket");
  return made;
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  return *this;
}

Socket Socket::listening() {
  Socket made = new_socket();
  sockaddr_in address = loopback(0);
  if (bind(made.descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(made.descriptor_, 64) != 0)
    throw std::system_error(errno, std::generic_category(), "listen");
  return made;
}

Socket Socket::connected_to(int port) {
  Socket made = new_socket();
  const sockaddr_in address = loopback(port);
  if (connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(), "connect");
  return made;
}

int Socket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

Socket Socket::accept() const {
  Socket made(accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
  const int at_once = 1;
  if (made.is_open()) setsockopt(made.descriptor_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  return made;
}

bool Socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string Socket::receive() const {
  std::string block(16384, '\0');
  const ssize_t got = recv(descriptor_, block.data(), block.size(), 0);
  block.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return block;
}

void Socket::shut() const { shutdown(descriptor_, SHUT_RDWR); }

void Socket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void Socket::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

}  // namespace faults
