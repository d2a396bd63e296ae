// Answers without end, also those that are small until they are unpacked: refused and said, in little memory.
#include "built.hpp"
#include "catch.hpp"
#include "faults/server.hpp"
#include "program/process.hpp"

namespace {

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

/// 100,000,000 zero bytes.
std::string gzipped() {
  const auto outcome =
      program::run({{"/bin/sh", "-c", "head -c 100000000 /dev/zero | gzip -9"}, {{"PATH", "/usr/bin:/bin"}}, ""});
  REQUIRE(outcome.out.size() > 1000);
  return outcome.out;
}

/// The same.
const std::string brotli = from_hex(
    "cfffff7ff82700e2b14020f7fe9ffffffff04f00c4610180eefd3fffffffe19f0088c32200ddfb7ffeffffc33f011087"
    "0500baf7fffcffff877f02200e0b0074effff31fbc1eff04401c1600e862d703");

/// 1,000,000 zero bytes in a frame, a hundred times.
std::string zstandard() {
  const std::string frame = from_hex(
      "28b52ffd04684c000008000100fcff391002020010000200100002001000020010000200100002001000"
      "03120a00ccaeca39");
  std::string frames;
  for (int i = 0; i < 100; ++i) frames += frame;
  return frames;
}

struct Flood {
  std::string name;
  std::string begin;  ///< sent once
  std::string again;  ///< sent until the client has gone; empty: nothing more
  std::string said;
};

const std::string flood_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: request-5\r\n";
const std::string too_large = "the answer is larger than 16777216 bytes";
const std::string headers_too_large = "the answer's headers are larger than 262144 bytes";

program::Outcome ask(const Flood& flood, const std::vector<std::string>& arguments) {
  const program::TemporaryFolder home;
  const faults::Server server([&](faults::Socket& connection, int) {
    connection.receive();
    bool there = connection.send(flood.begin);
    while (there && !flood.again.empty()) there = connection.send(flood.again);
  });
  auto environment = program::poisoned_environment(home.path());
  environment["BOOKAFY_TOKEN"] = "token-to-hide";
  environment["BOOKAFY_API_URL"] = server.url();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  const std::string little = "";  // they need memory of their own
#else
  const std::string little = "ulimit -v 400000; ";
#endif
  program::Command command{
      {"/bin/sh", "-c", little + "exec \"$@\"", "sh", built::program, "--max-retries", "0"}, environment, "", "/"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return program::run(command);
}

void check(const Flood& flood, const std::vector<std::string>& arguments) {
  INFO(flood.name);
  const auto outcome = ask(flood, arguments);
  INFO(outcome.err);
  CHECK(outcome.status == 9);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find(flood.said) != std::string::npos);
  CHECK(outcome.err.size() < 500);
}

}  // namespace

TEST_CASE("an answer without end is cut off, whatever of it does not end") {
  const std::string blanks(65536, ' ');
  std::string nested;
  for (int i = 0; i < 20; ++i) nested += i == 0 ? "gzip" : ", gzip";
  for (const auto& flood : std::vector<Flood>{
           {"a body of no length", flood_head + "\r\n", blanks, too_large},
           {"a body that names its length", flood_head + "Content-Length: 99999999999\r\n\r\n", blanks, too_large},
           {"chunks", flood_head + "Transfer-Encoding: chunked\r\n\r\n", "10000\r\n" + blanks + "\r\n", too_large},
           {"gzip", flood_head + "Content-Encoding: gzip\r\n\r\n" + gzipped(), "", too_large},
           {"deflated nothing without end", flood_head + "Content-Encoding: gzip\r\n\r\n" + gzipped().substr(0, 5000),
            std::string(1000, '\0'), too_large},
           {"brotli", flood_head + "Content-Encoding: br\r\n\r\n" + brotli, "", too_large},
           {"zstd", flood_head + "Content-Encoding: zstd\r\n\r\n" + zstandard(), "", too_large},
           {"gzip within gzip", flood_head + "Content-Encoding: " + nested + "\r\n\r\n", "x", ""},
           {"headers", flood_head, "X-More: " + std::string(1000, 'x') + "\r\n", headers_too_large},
           {"one header", flood_head + "X-More: ", std::string(65536, 'x'), headers_too_large},
           {"interim answers", "", "HTTP/1.1 100 Continue\r\n\r\n", "larger than"},
           {"a status line", "HTTP/1.1 200 ", std::string(65536, 'x'), headers_too_large},
       })
    check(flood, {"inspect", "me"});
}

TEST_CASE("few bytes that would be much in memory are refused") {
  std::string values = R"({"resource":[)";
  while (values.size() < 16'000'000) values += "[],";
  std::string keys = R"({"resource":{)";
  for (int i = 0; keys.size() < 16'000'000; ++i) keys += "\"" + std::to_string(i) + "\":0,";
  for (const auto& flood : std::vector<Flood>{
           {"values", flood_head + "\r\n" + values, "", "holds more than 1000000 values"},
           {"keys", flood_head + "\r\n" + keys, "", "holds more than 1000000 values"},
           {"an array without end", flood_head + "\r\n{\"collection\":[", "{},{},{},{},{},{},{},{},", too_large},
       })
    check(flood, {"inspect", "me"});
}

TEST_CASE("a page without end is an error after the rows of the page before it") {
  const program::TemporaryFolder home;
  const faults::Server server([&](faults::Socket& connection, int turn) {
    connection.receive();
    if (turn == 1) {
      const std::string page =
          R"({"collection":[{"uri":"a"}],"pagination":{"next_page":"/x?page_token=t","next_page_token":"t"}})";
      connection.send(flood_head + "Connection: close\r\nContent-Length: " + std::to_string(page.size()) + "\r\n\r\n" +
                      page);
      return;
    }
    bool there = connection.send(flood_head + "\r\n{\"collection\":[");
    while (there) there = connection.send(R"({"uri":"b"},)");
  });
  auto environment = program::poisoned_environment(home.path());
  environment["BOOKAFY_TOKEN"] = "token-to-hide";
  environment["BOOKAFY_API_URL"] = server.url();
  const auto outcome = program::run(
      {{built::program, "list", "--scope", "organization", "--organization", "o", "-o", "uri"}, environment, "", "/"});
  INFO(outcome.err);
  CHECK(outcome.status == 9);
  CHECK(outcome.out == "a\n");
  CHECK(outcome.err.find(too_large) != std::string::npos);
  CHECK(outcome.err.find("request id: request-5") != std::string::npos);
}
