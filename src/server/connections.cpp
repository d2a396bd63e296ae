#include "server/connections.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <iterator>
#include <utility>
#include <vector>

#include "server/exchange.hpp"

namespace bookafy::server {
namespace {

/// Bytes a second that a body has to come with.
constexpr std::size_t fair_pace = std::size_t{16} * 1024;

/// Everything was read, and nothing more will come.
bool has_ended(int descriptor) {
  char next = 0;
  return recv(descriptor, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

}  // namespace

void Connections::make_room() {
  if (can_make_room()) cut(waiting_.front());
}

void Connections::opened(int descriptor) {
  Peer& peer = waiting_.emplace_back(Peer{.descriptor = descriptor, .since = Peer::Clock::now()});
  peer.place = std::prev(waiting_.end());
  arriving_ = &peer;
}

void Connections::settled(bool is_taken) {
  Peer* const peer = std::exchange(arriving_, nullptr);
  if (peer && !is_taken) closed(*peer);
}

void Connections::closed(Peer& peer) {
  if (arriving_ == &peer) arriving_ = nullptr;
  if (peer.cut) --cut_count_;
  (peer.ours ? busy_ : waiting_).erase(peer.place);
}

void Connections::handed_over(Peer& peer) {
  if (peer.ours) return;
  peer.ours = true;
  busy_.splice(busy_.end(), waiting_, peer.place);
}

void Connections::waits_again(Peer& peer) {
  peer.since = Peer::Clock::now();
  waiting_.splice(waiting_.end(), peer.ours ? busy_ : waiting_, peer.place);
  peer.ours = false;
}

bool Connections::keep(Exchange& exchange, std::size_t bytes) {
  for (auto peer = waiting_.begin(); kept_ + bytes > limits_.body_memory && peer != waiting_.end(); ++peer) {
    if (!peer->exchange || peer->exchange == &exchange || peer->exchange->kept == 0) continue;
    drop(*peer->exchange);
    cut(*peer);
  }
  if (kept_ + bytes > limits_.body_memory) return false;
  kept_ += bytes;
  exchange.kept += bytes;
  return true;
}

void Connections::drop(Exchange& exchange) {
  std::string().swap(exchange.request.body);
  kept_ -= std::exchange(exchange.kept, 0);
}

void Connections::look() {
  const auto now = Peer::Clock::now();
  std::vector<pollfd> sockets;
  sockets.reserve(waiting_.size());
  for (const Peer& peer : waiting_) sockets.push_back({.fd = peer.descriptor, .events = POLLRDHUP, .revents = 0});
  poll(sockets.data(), sockets.size(), 0);
  auto socket = sockets.begin();
  for (Peer& peer : waiting_) {
    const bool hung_up = (socket++)->revents != 0 && has_ended(peer.descriptor);
    if (!peer.cut && (hung_up || is_overdue(peer, now))) cut(peer);
  }
}

void Connections::cut(Peer& peer) {
  if (!std::exchange(peer.cut, true)) ++cut_count_;
  shutdown(peer.descriptor, SHUT_RDWR);
}

bool Connections::is_overdue(const Peer& peer, Peer::Clock::time_point now) const {
  const std::size_t received = peer.exchange ? peer.exchange->received : 0;
  return now - peer.since > limits_.request_time + std::chrono::milliseconds(received * 1000 / fair_pace);
}

}  // namespace bookafy::server
