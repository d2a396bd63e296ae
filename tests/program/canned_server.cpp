#include "program/canned_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <regex>
#include <system_error>

namespace program {
namespace {

/// Head and body; what has come when the client stops early.
std::string read_request(int connection) {
  static const std::regex length_header("\r\nContent-Length: *([0-9]+)", std::regex::icase);
  std::string request;
  std::array<char, 4096> block;
  while (true) {
    const auto head_end = request.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      std::smatch length;
      const std::string head = request.substr(0, head_end);
      const std::size_t body = std::regex_search(head, length, length_header) ? std::stoul(length[1]) : 0;
      if (request.size() >= head_end + 4 + body) return request;
    }
    const ssize_t got = recv(connection, block.data(), block.size(), 0);
    if (got <= 0) return request;
    request.append(block.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

CannedServer::CannedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "canned server");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

CannedServer::~CannedServer() {
  shutdown(listener_, SHUT_RDWR);  // wakes accept
  thread_.join();
  close(listener_);
}

std::string CannedServer::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::vector<std::string> CannedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void CannedServer::serve() {
  while (true) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    answer(connection);
    close(connection);
  }
}

void CannedServer::answer(int connection) {
  const std::string request = read_request(connection);
  if (request.empty()) return;
  std::size_t turn = 0;
  {
    const std::lock_guard lock(mutex_);
    turn = std::min(requests_.size(), answers_.size() - 1);
    requests_.push_back(request);
  }
  std::string_view rest = answers_[turn];
  while (!rest.empty()) {
    const ssize_t sent = send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string http_answer(int status, const std::string& body, const std::string& further_headers,
                        const std::string& type) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " Canned\r\nConnection: close\r\n";
  if (status != 204) head += "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return head + further_headers + "\r\n" + body;
}

}  // namespace program
