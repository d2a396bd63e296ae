#include "server/acceptor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace bookafy::server {
namespace {

constexpr int most_at_once = 64;

/// Errors of the one connection that was to be accepted (accept(2)).
bool is_of_connection(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH: return true;
    default: return false;
  }
}

}  // namespace

Acceptor::Acceptor(Listener listener, Connections& connections, std::function<void(const std::string&)> report)
    : listener_(std::move(listener)), connections_(connections), report_(std::move(report)) {}

int Acceptor::descriptor() const {
  const bool accepts = listener_ && !is_failing_ && (connections_.has_room() || connections_.can_make_room());
  return accepts ? listener_->descriptor() : -1;
}

void Acceptor::accept_arrived(MHD_Daemon* daemon, bool has_arrived, bool is_due) {
  if (!listener_) return;
  const bool tries_again = is_failing_ && (is_due || connections_.size() < open_at_failure_);
  for (int i = 0; (has_arrived || tries_again) && i < most_at_once && accept_one(daemon); ++i) continue;
  // Well below the limit, so that a client that comes and goes does not cause a line each time.
  if (is_full_ && connections_.size() * 4 <= connections_.limit() * 3) {
    is_full_ = false;
    say("connections are below the limit again");
  }
}

/// False when there is no more to accept, or no more can be.
bool Acceptor::accept_one(MHD_Daemon* daemon) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (!connections_.has_room()) {
    // Only who is there costs another its place.
    pollfd arrival{.fd = listener_->descriptor(), .events = POLLIN, .revents = 0};
    if (poll(&arrival, 1, 0) <= 0) return false;
    if (!std::exchange(is_full_, true))
      say(fmt::format("connection limit of {} reached; new clients replace idle ones", connections_.limit()));
    connections_.make_room();
    return false;
  }
  const int accepted =
      accept4(listener_->descriptor(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (accepted >= 0) return add(daemon, accepted, address, size);
  const int error = errno;
  if (is_of_connection(error)) return true;
  if (error != EAGAIN)
    fail(error);
  else if (std::exchange(is_failing_, false))
    say("accepting connections again");
  return false;
}

bool Acceptor::add(MHD_Daemon* daemon, int descriptor, const sockaddr_storage& address, socklen_t size) {
  try {
    connections_.opened(descriptor);
  } catch (const std::bad_alloc&) {
    ::close(descriptor);
    fail(ENOMEM);
    return false;
  }
  const bool is_added =
      MHD_add_connection(daemon, descriptor, reinterpret_cast<const sockaddr*>(&address), size) == MHD_YES;
  const int error = errno;
  connections_.settled(is_added);
  if (!is_added) fail(error);
  return is_added;
}

void Acceptor::fail(int error) {
  open_at_failure_ = connections_.size();
  if (!std::exchange(is_failing_, true))
    say(fmt::format("cannot accept connections: {}; waiting", std::generic_category().message(error)));
}

void Acceptor::say(const std::string& text) const {
  if (report_) report_(text);
}

}  // namespace bookafy::server
