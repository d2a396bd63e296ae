// The user's proxy carries what it cannot read, and is told no more than where to.
#include <poll.h>

#include <array>
#include <mutex>

#include "built.hpp"
#include "catch.hpp"
#include "faults/server.hpp"
#include "faults/tls_server.hpp"
#include "program/process.hpp"

using program::has;

namespace {

/// Answers CONNECT by a tunnel to a port of this machine, whatever host was asked for, or by another answer.
class Proxy {
 public:
  explicit Proxy(int target, std::string answer = "HTTP/1.1 200 Connection established\r\nX-Request-Id: proxy\r\n\r\n")
      : target_(target), answer_(std::move(answer)) {}

  std::string authority() const { return server_.url().substr(server_.url().find("//") + 2); }
  /// All that clients sent so far, in clear text or not.
  std::string seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  std::string receive(const faults::Socket& client) {
    std::string bytes = client.receive();
    const std::lock_guard lock(mutex_);
    seen_ += bytes;
    return bytes;
  }

  void serve(const faults::Socket& client) {
    if (receive(client).empty()) return;
    client.send(answer_);
    if (target_ == 0) return;
    const faults::Socket server = faults::Socket::connected_to(target_);
    while (true) {
      std::array<pollfd, 2> watched{{{client.descriptor(), POLLIN, 0}, {server.descriptor(), POLLIN, 0}}};
      poll(watched.data(), watched.size(), -1);
      const bool from_client = watched[0].revents != 0;
      const std::string bytes = from_client ? receive(client) : server.receive();
      if (bytes.empty() || !(from_client ? server : client).send(bytes)) return;
    }
  }

  int target_;
  std::string answer_;
  mutable std::mutex mutex_;
  std::string seen_;
  faults::Server server_{[this](faults::Socket& client, int) { serve(client); }};
};

program::Outcome ask(const program::Environment& further, std::vector<std::string> arguments,
                     const std::string& retries = "0") {
  const program::TemporaryFolder home;
  auto environment = program::poisoned_environment(home.path());
  environment["BOOKAFY_TOKEN"] = "token-to-hide";
  for (const auto& [name, value] : further) environment[name] = value;
  arguments.insert(arguments.begin(), built::program);
  arguments.insert(arguments.end(),
                   {"-v", "--max-retries", retries, "--connect-timeout", "2", "inspect", "me", "-o", "uri"});
  return program::run({arguments, environment, "", "/"});
}

}  // namespace

TEST_CASE("a request goes through the proxy that a variable names, and the proxy cannot read it") {
  const faults::Authority authority;
  const faults::TlsServer api(authority, "foreign");
  for (const std::string variable : {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
    INFO(variable);
    const Proxy proxy(api.port());
    const auto outcome = ask({{variable, "http://proxy-user:password-to-hide@" + proxy.authority()}},
                             {"--ca-file", authority.file("ca.pem")});
    INFO(outcome.err);
    CHECK(outcome.status == 0);
    CHECK(outcome.out == "u\n");
    const std::string seen = proxy.seen();
    CHECK(has(seen, "CONNECT api.bookafy.com:443 HTTP/1.1\r\n"));
    CHECK(has(seen, "Proxy-Authorization: Basic cHJveHktdXNlcjpwYXNzd29yZC10by1oaWRl\r\n"));
    for (const char* secret : {"token-to-hide", "Bearer", "users/me"}) CHECK_FALSE(has(seen, secret));
    for (const char* secret : {"to-hide", "cHJveHktdXNlcjpw"}) CHECK_FALSE(has(outcome.err, secret));
    CHECK(has(outcome.err, "< GET https://api.bookafy.com/users/me: 200"));
  }
}

TEST_CASE("a proxy does not change what is believed") {
  const faults::Authority authority;
  for (const std::string certificate : {"foreign", "good"}) {
    const faults::TlsServer api(authority, certificate);
    const Proxy proxy(api.port());
    INFO(certificate);
    // Of an authority that is not trusted, or of another host than the one asked for.
    const std::string ca = certificate == "good" ? authority.file("ca.pem") : authority.file("other.pem");
    const auto outcome = ask({{"HTTPS_PROXY", proxy.authority()}}, {"--ca-file", ca});
    CHECK(outcome.status == 8);
    CHECK_FALSE(has(proxy.seen(), "token-to-hide"));
  }
}

TEST_CASE("a proxy that refuses is an error of the network, told without its password") {
  struct Row {
    std::string answer, said, scheme = "http";
  };
  for (const auto& [answer, said, scheme] : std::vector<Row>{
           {"HTTP/1.1 407 Who are you\r\nX-Request-Id: proxy\r\nContent-Length: 0\r\n\r\n", "407"},
           {"HTTP/1.1 403 No\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<body>", "403"},
           {"HTTP/1.1 502 Nobody there\r\nContent-Length: 0\r\n\r\n", "502"},
           {"HTTP/1.1 200 Connection est", ""},
           {"", ""},
           {"\x1b[2J not a proxy\r\n\r\n", ""},
           {"\x1b[2J not a proxy\r\n\r\n", "SOCKS", "socks5h"},
       }) {
    INFO(answer);
    const Proxy proxy(0, answer);
    const auto outcome = ask({{"HTTPS_PROXY", scheme + "://proxy-user:password-to-hide@" + proxy.authority()}}, {});
    INFO(outcome.err);
    CHECK(outcome.status == 8);
    CHECK(outcome.out.empty());
    CHECK(has(outcome.err, said));
    for (const char* hidden : {"to-hide", "cHJveHktdXNlcjpw", "<body>", "\x1b", "request id"})
      CHECK_FALSE(has(outcome.err, hidden));
  }
}

TEST_CASE("a proxy's user and password are shown nowhere, however odd the variable is") {
  const Proxy proxy(0, "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
  const std::string at = "@" + proxy.authority();
  struct Row {
    std::string value;
    std::string credentials = {};  ///< as the proxy gets them, in base64; empty: it is not asked
  };
  for (const auto& [value, credentials] : std::vector<Row>{
           {"us3r:s3cret" + at, "dXMzcjpzM2NyZXQ="},
           {"http://us3r:s3cret" + at, "dXMzcjpzM2NyZXQ="},
           {"HTTP://us3r:s3cret" + at + "/path?query", "dXMzcjpzM2NyZXQ="},
           {"http://us3r:s3@cret" + at, "dXMzcjpzM0BjcmV0"},
           {"http://us3r:s3/cr?e#t" + at, "dXMzcjpzMy9jcj9lI3Q="},
           {"us3r:s3://cret" + at, "dXMzcjpzMzovL2NyZXQ="},
           {"http://us%33r:s3%25cr%40e+t" + at, "dXMzcjpzMyVjckBlK3Q="},
           {"http://s3cret" + at, "czNjcmV0Og=="},
           {"us3r:s3cret@127.0.0.1:99999"},
           {"us3r:s3cret@127.0.0.1:port"},
           {"us3r:s3cret@"},
           {"us3r:s3cret"},
           {"http://us3r:s3cret%40127.0.0.1:1"},
           {"http://us3r%3As3cret%40host:1"},
           {"http://us3r:s3cret@[::1"},
           {"http://us3r:s3cret@a b"},
           {"http://us3r:s3cret%00x" + at},
           {"s3cret://us3r" + at},
           {"socks5h://us3r:s3cret@127.0.0.1:1"},
           {"socks4://us3r:s3cret@127.0.0.1:1"},
           {"https://us3r:s3cret@127.0.0.1:1"},
           {"us3r:s3cret@nowhere.invalid:1"},
       }) {
    for (const std::string variable : {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
      for (const std::string format : {"table", "json"}) {
        if (format == "json" && variable != "HTTPS_PROXY") continue;
        INFO(variable << "=" << value << " " << format);
        const auto before = proxy.seen().size();
        const auto outcome = ask({{variable, value}, {"BOOKAFY_OUTPUT", format}}, std::vector<std::string>());
        INFO(outcome.err);
        CHECK(outcome.status == 8);
        for (const char* hidden : {"s3", "cret", "us3r", "us%33r"}) CHECK_FALSE(has(outcome.err, hidden));
        CHECK(has(outcome.err, variable));
        const std::string sent = proxy.seen().substr(before);
        CHECK(has(sent, "CONNECT") != credentials.empty());
        CHECK(has(sent, "Basic " + credentials + "\r\n") != credentials.empty());
      }
    }
  }
}

TEST_CASE("a failing proxy is named, and a failing server behind one is not taken for it") {
  const auto refused = ask(program::Environment{{"HTTPS_PROXY", "127.0.0.1:1"}}, {});
  CHECK(has(refused.err, "proxy 127.0.0.1:1 (HTTPS_PROXY): "));
  // A word that messages have, too.
  const auto common = ask(program::Environment{{"HTTPS_PROXY", "user:the@127.0.0.1:1"}}, {});
  CHECK(has(common.err, "cannot read the user me: proxy 127.0.0.1:1 (HTTPS_PROXY): "));
  const auto direct =
      ask(program::Environment{{"HTTPS_PROXY", "127.0.0.1:1"}, {"no_proxy", "127.0.0.0/8,nowhere.invalid"}},
          {"--api-url", "https://api.nowhere.invalid"});
  CHECK_FALSE(has(direct.err, "proxy"));
  CHECK(has(direct.err, "api.nowhere.invalid"));
  const faults::Authority authority;
  const faults::TlsServer api(authority, "good");
  const Proxy proxy(api.port());
  const auto server = ask({{"HTTPS_PROXY", proxy.authority()}}, {"--ca-file", authority.file("ca.pem")});
  CHECK(server.status == 8);
  CHECK_FALSE(has(server.err, "proxy"));
}

TEST_CASE("a proxy that refuses is asked once") {
  const Proxy proxy(0, "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
  const auto outcome = ask({{"HTTPS_PROXY", proxy.authority()}}, {}, "1");
  INFO(outcome.err);
  CHECK(outcome.status == 8);
  CHECK(has(outcome.err, "credentials"));
  const std::string seen = proxy.seen();
  CHECK(seen.find("CONNECT") == 0);
  CHECK(seen.rfind("CONNECT") == 0);
}

TEST_CASE("a proxy is left out where a variable says so, and where it could read the token") {
  struct Row {
    program::Environment further;
    std::vector<std::string> arguments;
  };
  const Proxy proxy(0);
  const std::string at = proxy.authority();
  for (const auto& row : std::vector<Row>{
           {{{"HTTPS_PROXY", at}, {"NO_PROXY", "api.nowhere.invalid"}}, {"--api-url", "https://api.nowhere.invalid"}},
           {{{"HTTPS_PROXY", at}, {"no_proxy", "other,nowhere.invalid"}}, {"--api-url", "https://api.nowhere.invalid"}},
           {{{"ALL_PROXY", at}, {"NO_PROXY", "*"}}, {"--api-url", "https://api.nowhere.invalid"}},
           {{{"http_proxy", at}}, {"--api-url", "https://api.nowhere.invalid"}},
           {{{"http_proxy", at}, {"ALL_PROXY", at}}, {"--allow-http", "--api-url", "http://api.nowhere.invalid"}},
           {{{"HTTPS_PROXY", at}, {"ALL_PROXY", at}}, {"--api-url", "https://127.0.0.1:1"}},
       }) {
    const auto outcome = ask(row.further, row.arguments);
    INFO(outcome.err);
    CHECK(outcome.status == 8);
    CHECK(proxy.seen().empty());
  }
}

TEST_CASE("an encrypted proxy is believed as the API is") {
  const faults::Authority authority;
  // A TLS server that is no proxy: only who believes its certificate finds that out.
  const faults::TlsServer proxy(authority, "good");
  const program::Environment further{{"HTTPS_PROXY", proxy.url()}};
  const auto stranger = ask(further, {});
  CHECK(stranger.status == 8);
  CHECK(has(stranger.err, "certificate"));
  const auto known = ask(further, {"--ca-file", authority.file("ca.pem")});
  CHECK(known.status == 8);
  CHECK_FALSE(has(known.err, "certificate"));
}
