// delaying_proxy SERVER_PORT MILLISECONDS: prints the port on 127.0.0.1 that leads to the server's, with so long a
// round trip. Half of it passes before a byte is handed on, in each direction. The system accepts a connection at once,
// so the round trip that connecting costs is charged to the first bytes.
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <string>
#include <vector>

#include "faults/socket.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using faults::Socket;

struct Piece {
  Clock::time_point due;
  std::string bytes;  ///< empty: the stream ends
};

/// One direction of a connection.
struct Stream {
  Socket* from;
  Socket* to;
  std::deque<Piece> pieces;
  bool ended = false;

  void take(Clock::time_point due) {
    pieces.push_back({due, from->receive()});
    ended = pieces.back().bytes.empty();
  }

  void hand_on(Clock::time_point now) {
    for (; !pieces.empty() && pieces.front().due <= now; pieces.pop_front())
      if (pieces.front().bytes.empty() || !to->send(pieces.front().bytes)) to->shut();
  }
};

struct Connection {
  Connection(Socket accepted, int port) : client(std::move(accepted)), server(Socket::connected_to(port)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool over() const { return up.ended && down.ended && up.pieces.empty() && down.pieces.empty(); }

  Socket client;
  Socket server;
  Stream up{&client, &server, {}};
  Stream down{&server, &client, {}};
  bool connected = false;  ///< the first bytes have paid for connecting
};

timespec left_until(Clock::time_point due) {
  const auto left = std::max(Clock::duration::zero(), due - Clock::now());
  return {.tv_sec = left / std::chrono::seconds(1), .tv_nsec = (left % std::chrono::seconds(1)).count()};
}

[[noreturn]] void serve(const Socket& listener, int server_port, std::chrono::microseconds round_trip) {
  std::list<Connection> connections;
  std::vector<pollfd> watched;
  while (true) {
    watched.assign(1, {listener.descriptor(), POLLIN, 0});
    Clock::time_point next = Clock::now() + std::chrono::hours(1);
    for (Connection& each : connections)
      for (const Stream* stream : {&each.up, &each.down}) {
        watched.push_back({stream->ended ? -1 : stream->from->descriptor(), POLLIN, 0});
        if (!stream->pieces.empty()) next = std::min(next, stream->pieces.front().due);
      }
    const timespec patience = left_until(next);
    ppoll(watched.data(), watched.size(), &patience, nullptr);

    const auto now = Clock::now();
    auto readiness = watched.begin();
    if (readiness->revents != 0) connections.emplace_back(listener.accept(), server_port);
    for (auto each = connections.begin(); each != connections.end() && readiness + 1 != watched.end();) {
      for (Stream* stream : {&each->up, &each->down}) {
        if ((++readiness)->revents != 0) stream->take(now + round_trip / 2 + (each->connected ? 0 : 1) * round_trip);
        each->connected = each->connected || !stream->pieces.empty();
        stream->hand_on(now);
      }
      each = each->over() ? connections.erase(each) : std::next(each);
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return std::fputs("usage: delaying_proxy SERVER_PORT MILLISECONDS\n", stderr), 2;
  std::signal(SIGPIPE, SIG_IGN);
  const Socket listener = Socket::listening();
  std::printf("%d\n", listener.port());
  std::fflush(stdout);
  serve(listener, std::atoi(arguments[1]), std::chrono::milliseconds(std::atoi(arguments[2])));
}
