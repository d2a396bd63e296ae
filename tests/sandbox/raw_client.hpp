/// A TCP client that sends and receives exactly what a test says. Nothing waits longer than ten seconds.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace bookafy::server {

class RawClient {
 public:
  explicit RawClient(int port, int family = AF_INET, const std::function<void()>& before_connecting = {})
      : descriptor_(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (before_connecting) before_connecting();
    int result = -1;
    if (family == AF_INET6) {
      sockaddr_in6 address{};
      address.sin6_family = AF_INET6;
      address.sin6_port = htons(static_cast<std::uint16_t>(port));
      address.sin6_addr = in6addr_loopback;
      result = connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    } else {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(port));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      result = connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    if (result != 0) throw std::runtime_error("cannot connect");
  }
  RawClient(RawClient&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("cannot send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Nothing more will be sent.
  void end() { shutdown(descriptor_, SHUT_WR); }

  /// One answer with its head and, by its Content-Length, its body; what came before the end if the server closes.
  std::string receive() {
    while (true) {
      const auto head = buffer_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const auto length = buffer_.find("Content-Length: ");
        const std::size_t body = length < head ? std::stoul(buffer_.substr(length + 16)) : 0;
        if (buffer_.size() >= head + 4 + body) {
          std::string answer = buffer_.substr(0, head + 4 + body);
          buffer_.erase(0, answer.size());
          return answer;
        }
      }
      if (!fill()) return std::exchange(buffer_, {});
    }
  }

  /// The status of the next answer; 0 when the connection was closed instead.
  int status() {
    const std::string answer = receive();
    return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
  }

 private:
  bool fill() {
    pollfd waiting{descriptor_, POLLIN, 0};
    if (poll(&waiting, 1, 10'000) != 1) throw std::runtime_error("no answer within ten seconds");
    char piece[65536];
    const ssize_t got = recv(descriptor_, piece, sizeof piece, 0);
    if (got <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(got));
    return true;
  }

  int descriptor_;
  std::string buffer_;
};

inline const std::string small_get = "GET /a%20b?c=%2F HTTP/1.1\r\nHost: x\r\n\r\n";

inline std::string post(std::size_t size, const std::string& headers = {}) {
  return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n" + headers + "\r\n";
}

}  // namespace bookafy::server
