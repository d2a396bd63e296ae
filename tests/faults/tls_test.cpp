// TLS is always verified, whoever signs: a certificate authority made for this test, and the openssl command as server.
#include <signal.h>

#include <array>
#include <cstdio>
#include <memory>

#include "built.hpp"
#include "catch.hpp"
#include "program/process.hpp"

namespace {

/// A folder with ca.pem, a hashed directory `hashed/` of it, and the certificates good, expired and foreign (of another
/// host), all with key.pem. Besides, what a system could have as its store: `only-directory/` and `only-bundle/` hold
/// the authority in one of the two ways, `neither/` holds another one.
class Authority {
 public:
  Authority() {
    shell(
        "new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n"
        "openssl req -x509 $new -keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority\n"
        "openssl req -new $new -keyout key.pem -out request.pem -subj /CN=test-server\n"
        "sign() { printf \"subjectAltName=$2\" >names; openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key "
        "-CAcreateserial -days $3 -out $1.pem -extfile names; }\n"
        "sign good IP:127.0.0.1 2; sign expired IP:127.0.0.1 -1; sign foreign DNS:api.bookafy.com 2\n"
        "mkdir hashed users; cp ca.pem hashed/$(openssl x509 -hash -noout -in ca.pem).0\n"
        "printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nConnection: close\\r\\n\\r\\n"
        "{\"resource\":{\"uri\":\"u\"}}' >users/me\n"
        "openssl req -x509 $new -keyout other.key -out other.pem -days 2 -subj /CN=another-authority\n"
        "mkdir neither; cp other.pem neither/ca-certificates.crt\n"
        "cp other.pem neither/$(openssl x509 -hash -noout -in other.pem).0\n"
        "cp -r neither only-bundle; cat ca.pem >>only-bundle/ca-certificates.crt\n"
        "cp -r neither only-directory; cp hashed/* only-directory\n");
  }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  void shell(const std::string& script) const {
    const auto outcome =
        program::run({{"/bin/sh", "-ec", script}, program::poisoned_environment(folder_.path()), "", folder_.path()});
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
  }

  program::TemporaryFolder folder_;
};

/// `openssl s_server`, which serves the folder's files as answers.
class TlsServer {
 public:
  TlsServer(const Authority& authority, const std::string& certificate, const std::string& options) {
    const std::string command = "cd " + authority.folder().string() + " && echo $$ && exec openssl s_server -HTTP " +
                                "-accept 127.0.0.1:0 -key key.pem -cert " + certificate + ".pem " + options +
                                " </dev/null 2>&1";
    said_ = popen(command.c_str(), "r");
    REQUIRE(said_ != nullptr);
    std::array<char, 200> line{};
    REQUIRE(fgets(line.data(), line.size(), said_) != nullptr);
    process_ = std::stoi(line.data());
    const std::string accepting = "ACCEPT ";
    while (fgets(line.data(), line.size(), said_) != nullptr) {
      const std::string text(line.data());
      if (!text.starts_with(accepting)) continue;
      url_ = "https://" + text.substr(accepting.size(), text.find_last_not_of('\n') + 1 - accepting.size());
      break;
    }
    REQUIRE(!url_.empty());
  }
  ~TlsServer() {
    kill(process_, SIGKILL);
    pclose(said_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  const std::string& url() const { return url_; }

 private:
  FILE* said_ = nullptr;
  pid_t process_ = -1;
  std::string url_;
};

program::Command look_up_me(const TlsServer& server, const std::filesystem::path& home) {
  program::Command command{
      {built::program, "--api-url", server.url(), "--max-retries", "0", "inspect", "me", "-o", "uri"},
      program::poisoned_environment(home),
      "",
      "/"};
  command.environment["BOOKAFY_TOKEN"] = "token-to-hide";
  return command;
}

}  // namespace

TEST_CASE("a server is believed when its certificate is, and by nothing else") {
  const Authority authority;
  struct Row {
    std::string name, certificate, server_options;
    program::Environment environment;
    std::vector<std::string> arguments;
    int status;
  };
  const std::vector<std::string> own{"--ca-file", authority.file("ca.pem")};
  for (const auto& row : std::vector<Row>{
           {"named", "good", "", {}, own, 0},
           {"named by variable", "good", "", {{"BOOKAFY_CA_FILE", authority.file("ca.pem")}}, {}, 0},
           {"in a hashed directory", "good", "", {{"SSL_CERT_DIR", authority.file("hashed")}}, {}, 0},
           {"in the user's bundle", "good", "", {{"SSL_CERT_FILE", authority.file("ca.pem")}}, {}, 0},
           {"in curl's bundle", "good", "", {{"CURL_CA_BUNDLE", authority.file("ca.pem")}}, {}, 0},
           {"TLS 1.2", "good", "-tls1_2", {}, own, 0},
           {"unknown authority", "good", "", {}, {}, 8},
           {"another authority named",
            "good",
            "",
            {{"SSL_CERT_DIR", authority.file("hashed")}},
            {"--ca-file", "/etc/ssl/certs/ca-certificates.crt"},
            8},
           {"expired", "expired", "", {}, own, 8},
           {"of another host", "foreign", "", {}, own, 8},
           {"TLS 1.1", "good", "-tls1_1 -cipher ALL:@SECLEVEL=0", {}, own, 8},
       }) {
    INFO(row.name);
    const TlsServer server(authority, row.certificate, row.server_options);
    auto command = look_up_me(server, authority.folder());
    for (const auto& [name, value] : row.environment) command.environment[name] = value;
    command.argv.insert(command.argv.end(), row.arguments.begin(), row.arguments.end());
    const auto outcome = program::run(command);
    INFO(outcome.err);
    CHECK(outcome.status == row.status);
    CHECK(outcome.out == (row.status == 0 ? "u\n" : ""));
  }
}

TEST_CASE("the system's store is the hashed directory and the bundle, together") {
  const program::TemporaryFolder home;
  if (program::run({{"unshare", "--mount", "true"}, program::poisoned_environment(home.path()), ""}).status != 0) {
    WARN("skipped: only root can give a process a certificate store of its own");
    return;
  }
  const Authority authority;
  const TlsServer server(authority, "good", "");
  for (const auto& [store, status] : {std::pair{"only-directory", 0}, {"only-bundle", 0}, {"neither", 8}}) {
    INFO(store);
    auto command = look_up_me(server, home.path());
    const std::vector<std::string> enclosed{
        "unshare", "--mount", "sh", "-c", "mount --bind \"$0\" /etc/ssl/certs && exec \"$@\"", authority.file(store)};
    command.argv.insert(command.argv.begin(), enclosed.begin(), enclosed.end());
    const auto outcome = program::run(command);
    INFO(outcome.err);
    CHECK(outcome.status == status);
    CHECK(outcome.out == (status == 0 ? "u\n" : ""));
  }
}
