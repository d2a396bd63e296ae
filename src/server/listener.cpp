#include "server/listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "bookafy/error.hpp"

namespace bookafy::server {
namespace {

constexpr int longest_port = 65535;
constexpr int backlog = 1024;

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

/// False when the host is no address.
bool fill(Address& address, const std::string& host, int port) {
  const auto network_port = htons(static_cast<std::uint16_t>(port));
  address = {};
  if (inet_pton(AF_INET, host.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = network_port;
    return true;
  }
  address = {};
  if (inet_pton(AF_INET6, host.c_str(), &address.v6.sin6_addr) != 1) return false;
  address.v6.sin6_family = AF_INET6;
  address.v6.sin6_port = network_port;
  return true;
}

/// 0.0.0.0, :: and ::ffff:0.0.0.0 stand for every interface; as a destination they mean nothing.
std::string reachable_name(const Address& address, const std::string& name) {
  constexpr in6_addr mapped_any{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}}};
  if (address.any.sa_family == AF_INET) return address.v4.sin_addr.s_addr == htonl(INADDR_ANY) ? "127.0.0.1" : name;
  if (IN6_IS_ADDR_UNSPECIFIED(&address.v6.sin6_addr)) return "[::1]";
  return IN6_ARE_ADDR_EQUAL(&address.v6.sin6_addr, &mapped_any) ? "127.0.0.1" : '[' + name + ']';
}

socklen_t length(const Address& address) {
  return address.any.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

Error cannot_listen(const std::string& authority, int number) {
  Error error(ErrorKind::usage,
              fmt::format("cannot listen on {}: {}", authority, std::generic_category().message(number)));
  if (number == EADDRINUSE)
    error.hint = "another program has that port; choose another one, or port 0 for any free one";
  else if (number == EACCES)
    error.hint = "ports below 1024 are the system's; choose a higher one";
  else if (number == EADDRNOTAVAIL)
    error.hint = "no network interface of this machine has that address";
  return error;
}

}  // namespace

Listener::Listener(const std::string& host, int port) {
  std::string name = host == "localhost" ? "127.0.0.1" : host;
  if (name.size() > 2 && name.front() == '[' && name.back() == ']') name = name.substr(1, name.size() - 2);
  Address address{};
  if (port < 0 || port > longest_port || !fill(address, name, port))
    throw Error(ErrorKind::usage, fmt::format("cannot listen on {}:{}: not a numeric address and port", host, port));
  const std::string shown = address.any.sa_family == AF_INET6 ? '[' + name + ']' : name;
  authority_ = fmt::format("{}:{}", shown, port);

  descriptor_ = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) throw cannot_listen(authority_, errno);
  const int yes = 1;
  setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = length(address);
  if (bind(descriptor_, &address.any, size) != 0 || listen(descriptor_, backlog) != 0 ||
      getsockname(descriptor_, &address.any, &size) != 0) {
    const int number = errno;
    close(descriptor_);
    throw cannot_listen(authority_, number);
  }
  port_ = ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
  authority_ = fmt::format("{}:{}", reachable_name(address, name), port_);
}

Listener::Listener(Listener&& other) noexcept
    : descriptor_(other.release()), port_(other.port_), authority_(std::move(other.authority_)) {}

Listener::~Listener() {
  if (descriptor_ >= 0) close(descriptor_);
}

int Listener::release() { return std::exchange(descriptor_, -1); }

}  // namespace bookafy::server
