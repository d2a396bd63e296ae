/// TLS servers with certificates of an authority made for a test.
#pragma once

#include <string>

#include "program/process.hpp"

namespace faults {

/// A folder with ca.pem, a hashed directory `hashed/` of it, and the certificates good (127.0.0.1), expired and foreign
/// (api.bookafy.com), all with key.pem. Besides, what a system could have as its store: `only-directory/` and
/// `only-bundle/` hold the authority in one of the two ways, `neither/` holds another one.
class Authority {
 public:
  Authority();
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  program::TemporaryFolder folder_;
};

/// `openssl s_server`, which answers GET /users/me.
class TlsServer {
 public:
  TlsServer(const Authority& authority, const std::string& certificate, const std::string& options = "");
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  /// `https://127.0.0.1:49152`
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }

 private:
  FILE* said_ = nullptr;
  pid_t process_ = -1;
  int port_ = 0;
};

}  // namespace faults
