// What a proxy takes for the body of one request never runs as a request here.
#include <mutex>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "sandbox/raw_client.hpp"
#include "server/http_server.hpp"

using namespace bookafy;
using namespace bookafy::server;

namespace {

const std::string hidden = "POST /hidden HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
const std::string length_of_hidden = std::to_string(hidden.size());
const std::string end_of_chunks = "0\r\n\r\n";

struct FramingCase {
  std::string name;
  int status;
  std::string fields;  ///< with their line ends
  std::string after = hidden;
  std::string request_line = "POST /shown HTTP/1.1\r\n";
  std::string host = "Host: a\r\n";
};

std::vector<FramingCase> ambiguous() {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string length = "Content-Length: " + length_of_hidden + "\r\n";
  return {
      {"two lengths", 400, "Content-Length: 0\r\n" + length},
      {"the same length twice", 400, length + length},
      {"a length with a sign", 400, "Content-Length: +" + length_of_hidden + "\r\n"},
      {"a negative length", 400, "Content-Length: -1\r\n"},
      {"a list of lengths", 400, "Content-Length: " + length_of_hidden + "," + length_of_hidden + "\r\n"},
      {"a hexadecimal length", 400, "Content-Length: 0x10\r\n"},
      {"an empty length", 400, "Content-Length:\r\n"},
      {"a length beyond 64 bits", 413, "Content-Length: 99999999999999999999999\r\n"},
      {"a folded length", 400, "Content-Length: " + length_of_hidden + "\r\n 0\r\n"},
      {"a length on a line of its own", 400, "Content-Length:\r\n\t" + length_of_hidden + "\r\n"},
      {"a folded blank", 400, "Content-Length: " + length_of_hidden + "\r\n \r\n"},
      {"another folded header", 400, "X: 1\r\n y\r\n" + length},
      {"a fold after the request line", 400, length, hidden, "POST /shown HTTP/1.1\r\n X: 1\r\n"},
      {"a folded coding", 400, "Transfer-Encoding:\r\n chunked\r\n" + length},
      {"a length, then chunked", 400, "Content-Length: 4\r\n" + chunked, end_of_chunks + hidden},
      {"chunked, then a length", 400, chunked + "Content-Length: 4\r\n", end_of_chunks + hidden},
      {"a blank before the colon of a length", 400, "Content-Length : " + length_of_hidden + "\r\n"},
      {"a blank before the colon of a coding", 400, "Transfer-Encoding : chunked\r\n", end_of_chunks + hidden},
      {"a tab before a colon", 400, "X\t: 1\r\n"},
      {"two hosts", 400, "Host: b\r\n"},
      {"the same host twice", 400, "host: a\r\n"},
      {"no host", 400, "", hidden, "POST /shown HTTP/1.1\r\n", ""},
      {"gzip", 501, "Transfer-Encoding: gzip\r\n"},
      {"identity", 501, "Transfer-Encoding: identity\r\n"},
      {"chunked, gzip", 501, "Transfer-Encoding: chunked, gzip\r\n"},
      {"gzip, chunked", 501, "Transfer-Encoding: gzip, chunked\r\n"},
      {"chunked and identity", 501, chunked + "Transfer-Encoding: identity\r\n", end_of_chunks + hidden},
      {"a word like chunked", 501, "Transfer-Encoding: \vchunked\r\n"},
      {"chunked twice", 400, chunked + chunked, end_of_chunks + hidden},
      {"chunked, chunked", 400, "Transfer-Encoding: chunked, chunked\r\n", end_of_chunks + hidden},
      {"an empty coding", 400, "Transfer-Encoding:\r\n"},
      {"chunked in HTTP/1.0", 400, chunked, end_of_chunks + hidden, "POST /shown HTTP/1.0\r\n"},
      {"bare line feeds", 400, "Content-Length: 0\n", hidden, "POST /shown HTTP/1.1\n", "Host: a\n"},
      {"one bare line feed", 400, "X: 1\nContent-Length: 0\r\n"},
      {"a bare carriage return", 400, "X: 1\rContent-Length: 9\r\n"},
      {"a NUL in a length", 400, std::string("Content-Length: 0\0005\r\n", 21)},
      {"a NUL before a length", 400, std::string("X: 1\0Content-Length: 9\r\n", 24)},
      {"a NUL in a name", 400, std::string("X\0: 1\r\n", 7)},
      {"no name", 400, ": 1\r\n"},
      {"no colon", 400, "Xyz\r\n"},
      {"a chunk of garbage", 400, chunked, "zz\r\n\r\n" + hidden},
      {"a chunk with a sign", 400, chunked, "-1\r\n\r\n" + hidden},
      {"a chunk beyond 64 bits", 413, chunked, "fffffffffffffffff\r\n" + hidden},
  };
}

/// A server that remembers which targets it was asked for.
class Recorder {
 public:
  std::string take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(targets_, "");
  }
  int port() const { return server_.port(); }

 private:
  std::mutex mutex_;
  std::string targets_;
  HttpServer server_{{}, [this](const http::Request& request, const Respond& respond) {
                       {
                         const std::lock_guard lock(mutex_);
                         targets_ += request.url + " " + request.body + ";";
                       }
                       respond({200, {}, ""});
                     }};
};

}  // namespace

TEST_CASE("an ambiguous request is refused, its connection is closed, and nothing hidden in it runs") {
  Recorder server;
  for (const auto& [name, status, fields, after, request_line, host] : ambiguous()) {
    INFO(name);
    RawClient client(server.port());
    client.send(request_line + host + fields + "\r\n" + after);
    CHECK(client.status() == status);
    while (!client.receive().empty()) continue;  // until it is closed
    CHECK(server.take().empty());
  }
}

TEST_CASE("unusual requests that can be read in one way only are served") {
  Recorder server;
  const std::string long_fields = [] {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "X-" + std::to_string(i) + ": " + std::string(i % 50, 'v') + "\r\n";
    return text;
  }();
  for (const auto& [name, status, fields, after, request_line, host] : std::vector<FramingCase>{
           {"blanks before values", 200, "Content-Length:   \t 2\r\nEmpty:\r\nBlank: \r\nTab:\t q\r\n", "ab"},
           {"letter case", 200, "transfer-ENCODING: Chunked\r\n", "2\r\nab\r\n" + end_of_chunks},
           {"a chunk extension", 200, "Transfer-Encoding: chunked\r\n", "2;x=y\r\nab\r\n" + end_of_chunks},
           {"a trailer", 200, "Transfer-Encoding: chunked\r\n", "2\r\nab\r\n0\r\nContent-Length: 9\r\n\r\n"},
           {"HTTP/1.0", 200, "Content-Length: 2\r\n", "ab", "POST /shown HTTP/1.0\r\n", ""},
           {"many fields", 200, long_fields + "Content-Length: 2\r\n", "ab"},
           {"no coding", 200, "Content-Encoding: identity\r\nContent-Length: 2\r\n", "ab"},
           {"cookies and a query", 200, "Cookie: a=b; c=\"d\"\r\nContent-Length: 2\r\n", "ab",
            "POST /shown?a=b&c=%20 HTTP/1.1\r\n"},
       }) {
    INFO(name);
    RawClient client(server.port());
    client.send(request_line + host + fields + "\r\n" + after);
    CHECK(client.status() == status);
    const std::string seen = server.take();
    CHECK(seen.substr(0, 6) == "/shown");
    CHECK(seen.substr(seen.find(' ')) == " ab;");
  }
}

TEST_CASE("a body with a content coding is a 415 that names it") {
  Recorder server;
  for (const std::string coding : {"gzip", "br, identity", "GZIP,deflate"}) {
    RawClient client(server.port());
    for (int i = 0; i < 2; ++i) {  // the connection goes on
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: " + coding + "\r\nContent-Length: 2\r\n\r\nab");
      const std::string response = client.receive();
      CHECK(response.substr(9, 3) == "415");
      CHECK(response.find("has the content coding " + coding.substr(0, 2)) != std::string::npos);
    }
    CHECK(server.take().empty());
  }
}
