#include "server/http_server.hpp"

#include <microhttpd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "bookafy/error.hpp"
#include "server/blocked_signals.hpp"
#include "server/exchange.hpp"

namespace bookafy::server {
namespace {

/// How long a stopping server waits for clients to take their answers.
constexpr std::chrono::seconds farewell{2};
/// Request line and headers of one request, and the answer's headers; more is refused with 431.
constexpr std::size_t header_memory = 32 * 1024;

/// Every connection is a descriptor, and the usual soft limit of 1,024 is fewer than an own limit of 4,096.
void allow_descriptors(unsigned wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Keeps the target as it was sent: libmicrohttpd would decode it in place.
std::size_t leave_escaped(void*, MHD_Connection*, char* text) { return std::char_traits<char>::length(text); }

}  // namespace

struct HttpServer::State {
  std::shared_ptr<Switchboard> switchboard = std::make_shared<Switchboard>();
  int port = 0;
  std::chrono::seconds grace{};
  std::string base_url;
  MHD_Daemon* daemon = nullptr;
};

HttpServer::HttpServer(const ServerOptions& options, Handler handler)
    : HttpServer(Listener(options.host, options.port), options, std::move(handler)) {}

HttpServer::HttpServer(Listener listener, const ServerOptions& options, Handler handler)
    : state_(std::make_unique<State>()) {
  state_->port = listener.port();
  state_->base_url = listener.base_url();
  state_->switchboard->handler = std::move(handler);
  state_->switchboard->refused = options.refused;
  state_->switchboard->max_body = options.max_body;
  state_->grace = options.grace;
  allow_descriptors(options.max_connections + 256);

  const BlockedSignals quiet;
  void* cls = state_->switchboard.get();
  state_->daemon = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, exchange_continued, cls,
      MHD_OPTION_LISTEN_SOCKET, listener.descriptor(), MHD_OPTION_URI_LOG_CALLBACK, exchange_begun, cls,
      MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, nullptr, MHD_OPTION_NOTIFY_COMPLETED, exchange_ended, cls,
      MHD_OPTION_CONNECTION_LIMIT, options.max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
      static_cast<unsigned>(options.idle_timeout.count()), MHD_OPTION_CONNECTION_MEMORY_LIMIT, header_memory,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
  if (!state_->daemon) throw Error(ErrorKind::internal, "cannot start the HTTP server on " + state_->base_url);
  listener.release();
}

HttpServer::~HttpServer() {
  Switchboard& switchboard = *state_->switchboard;
  // From here on libmicrohttpd accepts nobody and the listening socket is ours again.
  const int listening = MHD_quiesce_daemon(state_->daemon);
  {
    std::unique_lock lock(switchboard.mutex);
    switchboard.stopping = true;
    switchboard.all_written.wait_for(lock, state_->grace, [&] { return switchboard.under_way == 0; });
    switchboard.closed = true;
    // MHD_stop_daemon must find no suspended connection.
    while (!switchboard.suspended.empty())
      switchboard.suspended.back()->answer_locked({503, {}, "The server is stopping."});
    switchboard.all_written.wait_for(lock, farewell, [&] { return switchboard.under_way == 0; });
  }
  MHD_stop_daemon(state_->daemon);
  if (listening >= 0) close(listening);
  switchboard.handler = nullptr;
  switchboard.refused = nullptr;
}

int HttpServer::port() const { return state_->port; }

std::string HttpServer::base_url() const { return state_->base_url; }

}  // namespace bookafy::server
