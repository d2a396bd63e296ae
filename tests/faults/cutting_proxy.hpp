/// Passes bytes on to a server until it has counted enough of them.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "faults/socket.hpp"

namespace faults {

enum class Side { request, answer };

struct Cut {
  Side side = Side::request;
  std::size_t after = 0;  ///< bytes that still pass
  bool reset = false;     ///< with RST instead of FIN
};

/// The bytes of one connection.
struct Traffic {
  std::size_t request = 0;
  std::size_t answer = 0;
};

/// One connection at a time, as a client with one request at a time makes them.
class CuttingProxy {
 public:
  /// `server`: the port on this machine that it passes on to.
  explicit CuttingProxy(int server);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// The next connection is cut, those after it are not.
  void cut_next(Cut cut);
  /// Of the last connection that has ended.
  Traffic last_traffic() const;

 private:
  void serve();
  Traffic pass(Socket& client, const std::optional<Cut>& cut) const;

  int server_;
  Socket listener_;
  int port_;
  mutable std::mutex mutex_;
  std::optional<Cut> cut_;
  Traffic last_;
  std::thread thread_;
};

}  // namespace faults
