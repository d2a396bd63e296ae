/// A server that misbehaves as a test tells it to.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "faults/socket.hpp"

namespace faults {

/// Answers each connection by a function, one after the other: it is given the connection, which is closed after it,
/// and its number, from 1.
class Server {
 public:
  explicit Server(std::function<void(Socket&, int)> answer)
      : answer_(std::move(answer)), thread_([this] {
          for (int turn = 1;; ++turn) {
            Socket connection = listener_.accept();
            if (!connection.is_open()) return;
            answer_(connection, turn);
          }
        }) {}
  ~Server() {
    listener_.shut();
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// `http://127.0.0.1:49152`
  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.port()); }

 private:
  std::function<void(Socket&, int)> answer_;
  Socket listener_ = Socket::listening();
  std::thread thread_;
};

/// Sends the text for every request, and closes.
inline std::function<void(Socket&, int)> raw(std::string text) {
  return [text = std::move(text)](Socket& connection, int) {
    connection.receive();
    connection.send(text);
  };
}

/// Waits until the client has given up.
inline void outlast(const Socket& connection) {
  while (!connection.receive().empty()) continue;
}

}  // namespace faults
