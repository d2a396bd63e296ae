// The HTTP server, through real sockets.
#include "server/http_server.hpp"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "sandbox/raw_client.hpp"

using namespace bookafy;
using namespace bookafy::server;

namespace {

/// Tells the request back.
void echo(const http::Request& request, const Respond& respond) {
  respond({200, {{"Content-Type", "text/plain"}}, request.method + " " + request.url + " " + request.body});
}

/// Requests that wait until the test answers them.
class Desk {
 public:
  Handler handler() {
    return [this](const http::Request& request, Respond respond) {
      std::lock_guard lock(mutex_);
      waiting_.emplace_back(request.body, std::move(respond));
      arrived_.notify_all();
    };
  }

  std::vector<std::pair<std::string, Respond>> take(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds(10), [&] { return waiting_.size() >= count; }))
      throw std::runtime_error("too few requests arrived");
    return std::exchange(waiting_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::pair<std::string, Respond>> waiting_;
};

std::string body(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

}  // namespace

TEST_CASE("requests reach the handler as they were sent, many on one connection") {
  HttpServer server({}, echo);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(small_get);
    CHECK(body(client.receive()) == "GET /a%20b?c=%2F ");
  }
  client.send(small_get + post(5) + "hello" + small_get);
  CHECK(body(client.receive()) == "GET /a%20b?c=%2F ");
  CHECK(body(client.receive()) == "POST / hello");
  CHECK(body(client.receive()) == "GET /a%20b?c=%2F ");
  for (const std::string method : {"DELETE", "PATCH", "PUT", "OPTIONS", "BREW"}) {
    client.send(method + " /x HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(body(client.receive()) == method + " /x ");
  }
  client.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(body(client.receive()) == "POST /c abcde");
  const std::string large(1024 * 1024, 'x');
  client.send(post(large.size()) + large);
  CHECK(body(client.receive()) == "POST / " + large);
}

TEST_CASE("HEAD is answered without the body") {
  HttpServer server({}, echo);
  RawClient client(server.port());
  client.send("HEAD /x HTTP/1.0\r\n\r\n");
  const std::string answer = client.receive();
  CHECK(answer.starts_with("HTTP/1.1 200"));
  CHECK(answer.find("Content-Length: 8\r\n") != std::string::npos);
  CHECK(body(answer).empty());
}

TEST_CASE("headers are kept, repeated ones too") {
  HttpServer server({}, [](const http::Request& request, const Respond& respond) {
    std::string all;
    for (const auto& [name, value] : request.headers) all += name + "=" + value + ";";
    respond({204, {{"X-Seen", all}}, {}});
  });
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nb: 2\r\nA: 3\r\n\r\n");
  const std::string answer = client.receive();
  CHECK(answer.starts_with("HTTP/1.1 204"));
  CHECK(answer.find("X-Seen: Host=x;A=1;b=2;A=3;\r\n") != std::string::npos);
}

TEST_CASE("a body over the limit is a 413 and not kept") {
  int handled = 0;
  HttpServer server({.max_body = 1000}, [&](const http::Request& request, const Respond& respond) {
    ++handled;
    echo(request, respond);
  });
  SECTION("declared and sent: read to its end, and the connection goes on") {
    RawClient client(server.port());
    client.send(post(1001) + std::string(1001, 'x'));
    CHECK(client.status() == 413);
    CHECK(handled == 0);
    client.send(post(1000) + std::string(1000, 'x'));
    CHECK(client.status() == 200);
  }
  SECTION("in chunks") {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') +
                "\r\n0\r\n\r\n");
    CHECK(client.status() == 413);
    CHECK(handled == 0);
  }
  SECTION("asked for first: not sent at all") {
    RawClient client(server.port());
    client.send(post(1001, "Expect: 100-continue\r\n"));
    CHECK(client.status() == 413);
  }
  SECTION("far over: refused before it comes") {
    RawClient client(server.port());
    client.send(post(1'000'000'000'000));
    CHECK(client.status() == 413);
  }
  SECTION("endless chunks: cut off") {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
    bool cut = false;
    try {
      for (int i = 0; i < 1'000'000; ++i) client.send(chunk);
    } catch (const std::runtime_error&) {
      cut = true;
    }
    CHECK(cut);
    CHECK(handled == 0);
  }
}

TEST_CASE("headers over the limit are refused") {
  HttpServer server({}, echo);
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(40'000, 'x') + "\r\n\r\n");
  const int status = client.status();
  CHECK((status == 431 || status == 413));
}

TEST_CASE("answers are given later, from other threads, in any order") {
  Desk desk;
  HttpServer server({}, desk.handler());
  constexpr std::size_t count = 50;
  std::vector<RawClient> clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.emplace_back(server.port());
    const std::string text = std::to_string(i);
    clients.back().send(post(text.size()) + text);
  }
  auto waiting = desk.take(count);
  std::thread other([&] {
    // Seven and fifty have no common divisor: each once, neighbours far apart.
    for (std::size_t i = 0; i < count; ++i) {
      const auto& [text, respond] = waiting[i * 7 % count];
      respond({200, {}, "for " + text});
    }
    // A second answer is none.
    waiting.front().second({500, {}, "again"});
  });
  other.join();
  for (std::size_t i = 0; i < count; ++i) CHECK(body(clients[i].receive()) == "for " + std::to_string(i));
  // The connection is good for more.
  clients[7].send(post(1) + "y");
  desk.take(1).front().second({200, {}, "more"});
  CHECK(body(clients[7].receive()) == "more");
}

TEST_CASE("a client that goes away before its answer harms nobody") {
  Desk desk;
  HttpServer server({}, desk.handler());
  {
    RawClient gone(server.port());
    gone.send(post(1) + "x");
    desk.take(1).front().second({200, {}, "too late"});
  }
  auto hurried = std::make_unique<RawClient>(server.port());
  hurried->send(post(1) + "x");
  auto waiting = desk.take(1);
  hurried.reset();
  waiting.front().second({200, {}, "nobody reads this"});
  RawClient client(server.port());
  client.send(post(1) + "x");
  desk.take(1).front().second({200, {}, "fine"});
  CHECK(body(client.receive()) == "fine");
}

TEST_CASE("a handler that throws is a 500, and the next request is served") {
  int calls = 0;
  HttpServer server({}, [&](const http::Request& request, const Respond& respond) {
    if (++calls == 1) throw std::runtime_error("secret detail");
    echo(request, respond);
  });
  RawClient client(server.port());
  client.send(small_get);
  const std::string answer = client.receive();
  CHECK(answer.starts_with("HTTP/1.1 500"));
  CHECK(answer.find("secret detail") == std::string::npos);
  client.send(small_get);
  CHECK(client.status() == 200);
}

TEST_CASE("a thousand idle connections and slow senders do not stop the next request") {
  HttpServer server({}, echo);
  std::vector<RawClient> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.emplace_back(server.port());
    if (i % 3 == 1) idle.back().send("GET / HT");
    if (i % 3 == 2) idle.back().send(post(100) + "half");
  }
  RawClient client(server.port());
  client.send(small_get);
  CHECK(client.status() == 200);
  idle[1].send("TP/1.1\r\nHost: x\r\n\r\n");
  CHECK(idle[1].status() == 200);
}

TEST_CASE("a full table makes room for the next client, at the cost of the one that was waited for the longest") {
  Desk desk;
  HttpServer server({.max_connections = 8}, desk.handler());
  RawClient busy(server.port());
  busy.send(post(1) + "x");
  auto waiting = desk.take(1);
  std::vector<RawClient> idle;
  for (int i = 0; i < 7; ++i) {
    idle.emplace_back(server.port());
    if (i % 2 == 0) idle.back().send(post(100) + "half");
  }
  for (int i = 0; i < 100; ++i) {
    idle.emplace_back(server.port()).send(post(100) + "half");
    RawClient client(server.port());
    client.send(post(1) + "y");
    desk.take(1).front().second({200, {}, "served"});
    CHECK(client.status() == 200);
  }
  CHECK(idle.front().status() == 0);
  // The request that waits for us keeps its place.
  waiting.front().second({200, {}, "at last"});
  CHECK(busy.status() == 200);
  idle.back().send(std::string(96, 'z'));
  desk.take(1).front().second({200, {}, "whole"});
  CHECK(idle.back().status() == 200);
}

TEST_CASE("a request that does not become whole is cut off, however it trickles") {
  HttpServer server({.request_time = std::chrono::milliseconds(100)}, echo);
  RawClient silent(server.port()), half(server.port()), headless(server.port()), trickling(server.port());
  half.send(post(100) + "half");
  headless.send("POST / HTTP/1.1\r\nHos");
  bool cut = false;
  try {
    trickling.send("GET / HTTP/1.1\r\nA: ");
    for (int i = 0; i < 10'000; ++i) {
      trickling.send("x");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  } catch (const std::runtime_error&) {
    cut = true;
  }
  CHECK(cut);
  for (RawClient* client : {&silent, &half, &headless}) CHECK(client->status() == 0);
}

TEST_CASE("a body that comes at a fair pace has its time") {
  HttpServer server({.request_time = std::chrono::milliseconds(0)},
                    [](const http::Request& request, const Respond& respond) {
                      respond({200, {}, std::to_string(request.body.size())});
                    });
  RawClient client(server.port());
  const std::string part(100'000, 'x');
  client.send(post(10 * part.size()));
  for (int i = 0; i < 10; ++i) {
    client.send(part);
    std::this_thread::sleep_for(std::chrono::milliseconds(150));  // the looks come every second
  }
  CHECK(client.receive().ends_with("1000000"));
}

TEST_CASE("a client that has ended its half of the connection is let go, with its answer if it waits for one") {
  Desk desk;
  HttpServer server({}, desk.handler());
  std::vector<RawClient> clients;
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back(server.port()).send(i % 4 == 0 ? "" : post(100) + "half");
    clients.back().end();
  }
  for (RawClient& client : clients) CHECK(client.status() == 0);
  RawClient whole(server.port());
  whole.send(post(1) + "x");
  whole.end();
  auto waiting = desk.take(1);
  // Two looks later it is still there.
  RawClient(server.port()).end();
  RawClient other(server.port());
  other.end();
  CHECK(other.status() == 0);
  waiting.front().second({200, {}, "fine"});
  CHECK(whole.status() == 200);
  CHECK(whole.status() == 0);
}

TEST_CASE("all bodies together take no more memory than they may") {
  Desk desk;
  HttpServer server({.max_body = 1000, .body_memory = 10'000}, desk.handler());
  SECTION("the slow ones give way") {
    std::vector<RawClient> slow;
    for (int i = 0; i < 50; ++i) slow.emplace_back(server.port()).send(post(1000) + std::string(999, 'x'));
    RawClient client(server.port());
    client.send(post(1000) + std::string(1000, 'y'));
    desk.take(1).front().second({200, {}, "served"});
    CHECK(client.status() == 200);
    CHECK(slow.front().status() == 0);
    slow.back().send("x");
    desk.take(1).front().second({200, {}, "served"});
    CHECK(slow.back().status() == 200);
  }
  SECTION("when all wait for us the next one is refused") {
    std::vector<RawClient> held;
    for (int i = 0; i < 10; ++i) held.emplace_back(server.port()).send(post(1000) + std::string(1000, 'x'));
    auto waiting = desk.take(10);
    RawClient client(server.port());
    client.send(post(1000) + std::string(1000, 'y'));
    CHECK(client.status() == 503);
    for (auto& [text, respond] : waiting) respond({200, {}, "served"});
    for (RawClient& one : held) CHECK(one.status() == 200);
    client.send(post(1000) + std::string(1000, 'y'));
    desk.take(1).front().second({200, {}, "served"});
    CHECK(client.status() == 200);
  }
}

TEST_CASE("stopping answers those that wait, and later answers do nothing") {
  Desk desk;
  auto server = std::make_unique<HttpServer>(ServerOptions{}, desk.handler());
  std::vector<RawClient> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back(server->port());
    clients.back().send(post(1) + "x");
  }
  clients.emplace_back(server->port()).send(post(100) + "half");
  auto waiting = desk.take(8);
  // The first, then the last, then one between: whoever is left is still known.
  for (const std::size_t i : {0U, 7U, 3U}) waiting[i].second({200, {}, "in time"});
  server.reset();
  for (const auto& [text, respond] : waiting) respond({200, {}, "too late"});
  std::vector<int> statuses;
  for (std::size_t i = 0; i < 8; ++i) statuses.push_back(clients[i].status());
  std::sort(statuses.begin(), statuses.end());
  CHECK(statuses == std::vector{200, 200, 200, 503, 503, 503, 503, 503});
}

TEST_CASE("an answer under way is written when the server stops") {
  const std::string large(4'000'000, 'x');
  auto server = std::make_unique<HttpServer>(ServerOptions{}, [&](const http::Request&, const Respond& respond) {
    respond({200, {}, large});
  });
  RawClient client(server->port());
  client.send(small_get);
  auto answer = std::async(std::launch::async, [&] { return client.receive(); });
  RawClient other(server->port());
  other.send(small_get);
  CHECK(body(other.receive()).size() == large.size());
  server.reset();
  CHECK(body(answer.get()).size() == large.size());
}

TEST_CASE("answers racing with the stop") {
  for (int round = 0; round < 20; ++round) {
    Desk desk;
    auto server = std::make_unique<HttpServer>(ServerOptions{}, desk.handler());
    std::vector<RawClient> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back(server->port());
      clients.back().send(post(1) + "x");
    }
    auto waiting = desk.take(8);
    std::thread other([&] {
      for (auto& [text, respond] : waiting) respond({200, {}, "in time or not"});
    });
    server.reset();
    other.join();
    for (RawClient& client : clients) {
      const int status = client.status();
      CHECK((status == 200 || status == 503));
    }
  }
}

TEST_CASE("addresses") {
  struct Row {
    std::string host, beginning;
    int family;
  };
  for (const Row& row : {Row{"127.0.0.1", "http://127.0.0.1:", AF_INET}, Row{"localhost", "http://127.0.0.1:", AF_INET},
                         Row{"::1", "http://[::1]:", AF_INET6}, Row{"[::1]", "http://[::1]:", AF_INET6},
                         Row{"0.0.0.0", "http://127.0.0.1:", AF_INET}, Row{"::", "http://[::1]:", AF_INET6},
                         Row{"[::]", "http://[::1]:", AF_INET6}, Row{"::ffff:0.0.0.0", "http://127.0.0.1:", AF_INET}}) {
    CAPTURE(row.host);
    HttpServer server({.host = row.host}, echo);
    CHECK(server.port() > 0);
    CHECK(server.base_url() == row.beginning + std::to_string(server.port()));
    RawClient client(server.port(), row.family);
    client.send(small_get);
    CHECK(client.status() == 200);
  }
}

TEST_CASE("addresses that cannot be had are usage errors") {
  HttpServer first({}, echo);
  struct Row {
    std::string host;
    int port;
    std::string message;
    bool hint;
  };
  const std::string here = "127.0.0.1:" + std::to_string(first.port());
  for (const Row& row :
       {Row{"127.0.0.1", first.port(), "cannot listen on " + here + ": Address already in use", true},
        Row{"host.example", 1, "cannot listen on host.example:1: not a numeric address and port", false},
        Row{"127.0.0.1", 65536, "cannot listen on 127.0.0.1:65536: not a numeric address and port", false},
        Row{"192.0.2.1", 8025, "cannot listen on 192.0.2.1:8025: Cannot assign requested address", true}}) {
    CAPTURE(row.host);
    try {
      HttpServer second({.host = row.host, .port = row.port}, echo);
      FAIL("it listens");
    } catch (const Error& error) {
      CHECK(error.kind == ErrorKind::usage);
      CHECK(error.message == row.message);
      CHECK(!error.hint.empty() == row.hint);
    }
  }
}
