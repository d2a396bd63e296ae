#include "faults/tls_server.hpp"

#include <signal.h>

#include <array>
#include <cstdio>

#include "catch.hpp"

namespace faults {

Authority::Authority() {
  const std::string script =
      "new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n"
      "openssl req -x509 $new -keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority\n"
      "openssl req -new $new -keyout key.pem -out request.pem -subj /CN=test-server\n"
      "sign() { printf \"subjectAltName=$2\" >names; openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key "
      "-CAcreateserial $3 -out $1.pem -extfile names; }\n"
      "sign good IP:127.0.0.1 '-days 2'; sign foreign DNS:api.bookafy.com '-days 2'\n"
      // Newer versions of OpenSSL refuse the former, older ones do not know the latter.
      "sign expired IP:127.0.0.1 '-days -1' || "
      "sign expired IP:127.0.0.1 '-not_before 20200101000000Z -not_after 20200102000000Z'\n"
      "mkdir hashed users; cp ca.pem hashed/$(openssl x509 -hash -noout -in ca.pem).0\n"
      "printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nConnection: close\\r\\n\\r\\n"
      "{\"resource\":{\"uri\":\"u\"}}' >users/me\n"
      "openssl req -x509 $new -keyout other.key -out other.pem -days 2 -subj /CN=another-authority\n"
      "mkdir neither; cp other.pem neither/ca-certificates.crt\n"
      "cp other.pem neither/$(openssl x509 -hash -noout -in other.pem).0\n"
      "cp -r neither only-bundle; cat ca.pem >>only-bundle/ca-certificates.crt\n"
      "cp -r neither only-directory; cp hashed/* only-directory\n"
      "cp -r hashed no-bundle; mkdir empty\n";
  const auto outcome =
      program::run({{"/bin/sh", "-ec", script}, program::poisoned_environment(folder_.path()), "", folder_.path()});
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
}

TlsServer::TlsServer(const Authority& authority, const std::string& certificate, const std::string& options) {
  const std::string command = "cd " + authority.folder().string() + " && echo $$ && exec openssl s_server -HTTP " +
                              "-accept 127.0.0.1:0 -key key.pem -cert " + certificate + ".pem " + options +
                              " </dev/null 2>&1";
  said_ = popen(command.c_str(), "r");
  REQUIRE(said_ != nullptr);
  std::array<char, 200> line{};
  REQUIRE(fgets(line.data(), line.size(), said_) != nullptr);
  process_ = std::stoi(line.data());
  while (port_ == 0 && fgets(line.data(), line.size(), said_) != nullptr) {
    const std::string text(line.data());
    if (text.starts_with("ACCEPT ")) port_ = std::stoi(text.substr(text.rfind(':') + 1));
  }
  REQUIRE(port_ != 0);
}

TlsServer::~TlsServer() {
  kill(process_, SIGKILL);
  pclose(said_);
}

}  // namespace faults
