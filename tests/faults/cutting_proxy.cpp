#include "faults/cutting_proxy.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace faults {

CuttingProxy::CuttingProxy(int server)
    : server_(server), listener_(Socket::listening()), port_(listener_.port()), thread_([this] { serve(); }) {}

CuttingProxy::~CuttingProxy() {
  listener_.shut();
  thread_.join();
}

void CuttingProxy::cut_next(Cut cut) {
  const std::lock_guard lock(mutex_);
  cut_ = cut;
}

Traffic CuttingProxy::last_traffic() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void CuttingProxy::serve() {
  while (true) {
    Socket client = listener_.accept();
    if (!client.is_open()) return;
    std::optional<Cut> cut;
    {
      const std::lock_guard lock(mutex_);
      cut = std::exchange(cut_, std::nullopt);
    }
    const Traffic traffic = pass(client, cut);
    cut && cut->reset ? client.reset() : client.close();
    const std::lock_guard lock(mutex_);
    last_ = traffic;
  }
}

Traffic CuttingProxy::pass(Socket& client, const std::optional<Cut>& cut) const {
  Socket server = Socket::connected_to(server_);
  Traffic traffic;
  bool answering = false;
  auto done = [&] {
    if (!cut) return false;
    return cut->side == Side::request ? traffic.request >= cut->after : answering && traffic.answer >= cut->after;
  };
  /// False when the stream has ended or enough has passed.
  auto move = [&](const Socket& from, const Socket& to, std::size_t& count, bool counted) {
    std::string bytes = from.receive();
    if (bytes.empty()) return false;
    if (counted) bytes.resize(std::min(bytes.size(), cut->after - count));
    count += bytes.size();
    return to.send(bytes) && !done();
  };
  while (!done()) {
    std::array<pollfd, 2> watched{{{client.descriptor(), POLLIN, 0}, {server.descriptor(), POLLIN, 0}}};
    poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0 && !move(client, server, traffic.request, cut && cut->side == Side::request)) break;
    answering = answering || watched[1].revents != 0;
    if (watched[1].revents != 0 && !move(server, client, traffic.answer, cut && cut->side == Side::answer)) break;
  }
  // A server may keep a connection that ended within a request until its own deadline: not what is tested here.
  if (cut && cut->side == Side::request) server.reset();
  return traffic;
}

}  // namespace faults
