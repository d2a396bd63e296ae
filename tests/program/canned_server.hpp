/// A server that answers what a test tells it to, well-formed or not.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace program {

class CannedServer {
 public:
  /// Listens on a free port of 127.0.0.1. The n-th request gets the n-th answer byte for byte, further ones the last;
  /// each connection carries one request and is then closed.
  explicit CannedServer(std::vector<std::string> answers);
  ~CannedServer();
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  /// `http://127.0.0.1:49152`
  std::string url() const;
  /// The requests so far, heads and bodies.
  std::vector<std::string> requests() const;

 private:
  std::vector<std::string> answers_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;

  void serve();
  void answer(int connection);
};

/// A complete HTTP/1.1 answer.
std::string http_answer(int status, const std::string& body, const std::string& further_headers = "",
                        const std::string& type = "application/json");

}  // namespace program
