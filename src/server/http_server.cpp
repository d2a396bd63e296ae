#include "server/http_server.hpp"

#include <microhttpd.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <new>
#include <optional>
#include <utility>

#include "bookafy/error.hpp"
#include "server/acceptor.hpp"
#include "server/exchange.hpp"

namespace bookafy::server {
namespace {

/// How long a stopping server waits for clients to take their answers.
constexpr std::chrono::seconds farewell{2};
/// Request line and headers of one request, and the answer's headers; more is refused with 431.
constexpr std::size_t header_memory = std::size_t{32} * 1024;

/// Descriptors to leave to everything else, which opens some later: databases, connections to other servers, children.
constexpr rlim_t other_descriptors = 256;
/// How often the connections are looked over.
constexpr std::chrono::seconds pause{1};

rlim_t open_descriptors() {
  std::error_code error;
  std::filesystem::directory_iterator each("/proc/self/fd", error);
  if (error) return other_descriptors;
  return static_cast<rlim_t>(std::distance(each, std::filesystem::directory_iterator()));
}

/// Every connection is a descriptor, and the usual soft limit of 1,024 is fewer than an own limit of 4,096. Returns how
/// many connections there may be.
unsigned allow_descriptors(unsigned connections) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
  const rlim_t open = open_descriptors();
  const rlim_t desired = open + connections + other_descriptors;
  if (limit.rlim_cur < desired) {
    limit.rlim_cur = std::min<rlim_t>(desired, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  const rlim_t left = limit.rlim_cur - std::min(limit.rlim_cur, open);
  const rlim_t granted = left - std::min(other_descriptors, left / 2);
  return std::max(1U, static_cast<unsigned>(std::min<rlim_t>(connections, granted)));
}

/// Keeps the target as it was sent: libmicrohttpd would decode it in place.
std::size_t leave_escaped(void*, MHD_Connection*, char* text) { return std::char_traits<char>::length(text); }

}  // namespace

struct HttpServer::State {
  /// libmicrohttpd works here instead of on a thread of its own, so that the connections can be looked over between.
  void run() {
    auto due = Peer::Clock::now() + pause;
    while (!ended) {
      const bool has_arrived = wait(due);
      if (stops) acceptor->close();
      const bool is_due = Peer::Clock::now() >= due;
      acceptor->accept_arrived(daemon, has_arrived, is_due);
      MHD_run(daemon);
      if (!is_due) continue;
      try {
        switchboard->connections.look();
        switchboard->answer_late();
      } catch (const std::bad_alloc&) {
        // The next look finds the same.
      }
      due = Peer::Clock::now() + pause;
    }
  }

  /// Until there is work, or it is time to look. Returns whether a client waits to be accepted.
  bool wait(Peer::Clock::time_point due) {
    std::int64_t milliseconds = -1;
    if (!switchboard->connections.empty() || acceptor->is_waiting())
      milliseconds =
          std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(due - Peer::Clock::now()).count());
    if (MHD_UNSIGNED_LONG_LONG ready = 0; MHD_get_timeout(daemon, &ready) == MHD_YES && ready == 0) milliseconds = 0;
    std::array<pollfd, 3> watched{{{.fd = events, .events = POLLIN, .revents = 0},
                                   {.fd = switchboard->wake.descriptor(), .events = POLLIN, .revents = 0},
                                   {.fd = acceptor->descriptor(), .events = POLLIN, .revents = 0}}};
    poll(watched.data(), watched.size(), static_cast<int>(milliseconds));
    const bool has_arrived = watched[2].revents != 0;
    if (watched[1].revents == 0) return has_arrived;
    const std::lock_guard lock(switchboard->mutex);
    switchboard->wake.take();
    switchboard->called = false;
    return has_arrived;
  }

  std::shared_ptr<Switchboard> switchboard;
  int port = 0;
  std::chrono::seconds grace{};
  std::string base_url;
  MHD_Daemon* daemon = nullptr;
  int events = -1;                     ///< libmicrohttpd's epoll descriptor
  std::optional<Acceptor> acceptor{};  ///< the server thread's alone
  std::atomic<bool> stops{false};      ///< accepts no further connection
  std::atomic<bool> ended{false};
  system::ThreadFailure own_failure{};
  system::ThreadFailure* failure = nullptr;
  system::WorkerThread thread{};
};

HttpServer::HttpServer(const ServerOptions& options, Handler handler)
    : HttpServer(Listener(options.host, options.port), options, std::move(handler)) {}

HttpServer::HttpServer(Listener listener, const ServerOptions& options, Handler handler)
    : state_(std::make_unique<State>()) {
  state_->port = listener.port();
  state_->base_url = listener.base_url();
  const unsigned connections = allow_descriptors(options.max_connections);
  state_->switchboard = std::make_shared<Switchboard>(
      ConnectionLimits{connections, std::max(options.body_memory, 2 * options.max_body), options.request_time});
  state_->switchboard->handler = std::move(handler);
  state_->switchboard->refused = options.refused;
  state_->switchboard->handler_failed = options.handler_failed;
  state_->switchboard->answer_time = options.answer_time;
  state_->switchboard->max_body = options.max_body;
  state_->grace = options.grace;
  state_->failure = options.failure ? options.failure : &state_->own_failure;

  void* cls = state_->switchboard.get();
  state_->daemon = MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0, nullptr, nullptr, exchange_continued, cls,
      MHD_OPTION_URI_LOG_CALLBACK, exchange_begun, cls, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, nullptr,
      MHD_OPTION_NOTIFY_COMPLETED, exchange_ended, cls, MHD_OPTION_NOTIFY_CONNECTION, connection_noticed, cls,
      MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT,
      static_cast<unsigned>(options.idle_timeout.count()), MHD_OPTION_CONNECTION_MEMORY_LIMIT, header_memory,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
  if (!state_->daemon) throw Error(ErrorKind::internal, "cannot start the HTTP server on " + state_->base_url);
  state_->acceptor.emplace(std::move(listener), state_->switchboard->connections, options.report);
  state_->events = MHD_get_daemon_info(state_->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
  state_->thread.start("the HTTP server", *state_->failure, [this] { state_->run(); });
}

HttpServer::~HttpServer() {
  Switchboard& switchboard = *state_->switchboard;
  state_->stops = true;
  {
    std::unique_lock lock(switchboard.mutex);
    switchboard.stopping = true;
    switchboard.call_locked();
    const auto grace = state_->failure->is_set() ? std::chrono::seconds(0) : state_->grace;
    switchboard.all_written.wait_for(lock, grace, [&] { return switchboard.under_way == 0; });
    switchboard.closed = true;
    // MHD_stop_daemon must find no suspended connection.
    while (!switchboard.suspended.empty())
      switchboard.suspended.back()->answer_locked({503, {}, "The server is stopping."});
    switchboard.all_written.wait_for(lock, farewell, [&] { return switchboard.under_way == 0; });
  }
  state_->ended = true;
  switchboard.wake.call();
  state_->thread.join();
  MHD_stop_daemon(state_->daemon);
  switchboard.handler = nullptr;
  switchboard.refused = nullptr;
  switchboard.handler_failed = nullptr;
}

int HttpServer::port() const { return state_->port; }

std::string HttpServer::base_url() const { return state_->base_url; }

}  // namespace bookafy::server
