// TLS is always verified, whoever signs.
#include "built.hpp"
#include "catch.hpp"
#include "faults/tls_server.hpp"

using faults::Authority;
using faults::TlsServer;

namespace {

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
            {"--ca-file", authority.file("other.pem")},
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
  struct Row {
    std::string store;
    int status;
    program::Environment environment = {};
  };
  for (const auto& [store, status, environment] :
       std::vector<Row>{{"only-directory", 0},
                        {"only-bundle", 0},
                        {"neither", 8},
                        {"no-bundle", 0},
                        {"empty", 0, {{"SSL_CERT_DIR", authority.file("hashed")}}},
                        {"empty", 8, {{"SSL_CERT_DIR", authority.file("users")}}},
                        {"empty", 8, {{"CURL_CA_BUNDLE", authority.file("nowhere.pem")}}},
                        {"empty", 8}}) {
    INFO(store);
    auto command = look_up_me(server, home.path());
    for (const auto& [name, value] : environment) command.environment[name] = value;
    const std::vector<std::string> enclosed{
        "unshare", "--mount", "sh", "-c", "mount --bind \"$0\" /etc/ssl/certs && exec \"$@\"", authority.file(store)};
    command.argv.insert(command.argv.begin(), enclosed.begin(), enclosed.end());
    const auto outcome = program::run(command);
    INFO(outcome.err);
    CHECK(outcome.status == status);
    CHECK(outcome.out == (status == 0 ? "u\n" : ""));
    // A bundle that only the system's defaults name is no reason of its own.
    if (!environment.contains("CURL_CA_BUNDLE")) CHECK_FALSE(program::has(outcome.err, "certificate file"));
  }
}
