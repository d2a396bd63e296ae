#include "net/engine.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bookafy/error.hpp"
#include "net/handle.hpp"
#include "net/trace.hpp"
#include "net/transfer.hpp"

namespace bookafy::net {
namespace {

MultiHandle new_multi() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  MultiHandle multi(ready == CURLE_OK ? curl_multi_init() : nullptr);
  if (!multi) throw Error(ErrorKind::internal, "libcurl cannot be set up");
  return multi;
}

}  // namespace

struct Engine::State {
  explicit State(EngineOptions engine_options)
      : options(std::move(engine_options)), multi(new_multi()), trust(options.trust) {
    limit_connections();
  }
  ~State() {
    for (auto& [id, transfer] : transfers) curl_multi_remove_handle(multi.get(), transfer->handle());
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void limit_connections() {
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, options.connections);
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, options.streams);
  }

  std::unique_ptr<Transfer> ready_transfer() {
    if (!idle.empty()) {
      auto transfer = std::move(idle.back());
      idle.pop_back();
      return transfer;
    }
    EasyHandle handle(curl_easy_init());
    if (!handle) throw Error(ErrorKind::internal, "libcurl cannot be set up");
    set(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    set(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(handle.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(handle.get(), CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stalled.count()));
    if (options.purpose == Purpose::api) set(handle.get(), CURLOPT_USERAGENT, options.user_agent);
    trust.apply(handle.get());
    auto transfer = std::make_unique<Transfer>(std::move(handle), options.purpose, options.max_answer, proxies);
    transfer->directory_only = trust.directory_only();
    return transfer;
  }

  void begin(std::uint64_t id, http::Request request) {
    auto transfer = ready_transfer();
    transfer->begin(id, std::move(request));
    transfer->begun_before = performed;
    const CURLMcode code = curl_multi_add_handle(multi.get(), transfer->handle());
    if (code != CURLM_OK) throw Error(ErrorKind::internal, std::string("libcurl: ") + curl_multi_strerror(code));
    transfers.emplace(id, std::move(transfer));
  }

  /// How many transfers libcurl is given. Further ones would wait inside it for a connection while their deadlines run.
  std::size_t room() const { return static_cast<std::size_t>(multiplexed ? options.streams : options.connections); }

  void submit(std::uint64_t id, http::Request request) {
    if (!protocol_known) multiplexed = request.url.starts_with("https:");
    if (transfers.size() < room())
      begin(id, std::move(request));
    else
      queued.emplace_back(id, std::move(request));
  }

  bool cancel_unsent(std::uint64_t id) {
    const auto found = transfers.find(id);
    // The times of an earlier request stay in a handle until libcurl begins with the next.
    const bool may_be_sent = found != transfers.end() && found->second->begun_before < performed &&
                             info<curl_off_t>(found->second->handle(), CURLINFO_PRETRANSFER_TIME_T) > 0;
    if (!may_be_sent) cancel(id);
    return !may_be_sent;
  }

  void cancel(std::uint64_t id) {
    // What was queued behind it begins with the next `wait`.
    std::erase_if(queued, [id](const auto& waiting) { return waiting.first == id; });
    if (const auto node = transfers.extract(id)) curl_multi_remove_handle(multi.get(), node.mapped()->handle());
  }

  void begin_queued() {
    for (; !queued.empty() && transfers.size() < room(); queued.pop_front())
      begin(queued.front().first, std::move(queued.front().second));
  }

  void learn_protocol(const Transfer& transfer) {
    protocol_known = true;
    multiplexed = info<long>(transfer.handle(), CURLINFO_HTTP_VERSION) >= CURL_HTTP_VERSION_2_0;
  }

  void collect(std::vector<http::Completed>& finished) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const auto id = info<Transfer*>(message->easy_handle, CURLINFO_PRIVATE)->id();
      auto transfer = std::move(transfers.extract(id).mapped());
      curl_multi_remove_handle(multi.get(), transfer->handle());
      if (transfer->directory_only && Trust::is_unknown_issuer(transfer->handle(), code)) {
        trust.widen();
        idle.clear();
        begin(id, transfer->take_request());
        continue;
      }
      finished.push_back(transfer->complete(code));
      if (code == CURLE_OK) learn_protocol(*transfer);
      if (options.trace) trace_outcome(options.trace, *transfer, finished.back());
      if (transfer->is_reusable() && transfer->directory_only == trust.directory_only())
        idle.push_back(std::move(transfer));
    }
    begin_queued();
  }

  void check_interruption() const {
    if (const int signal = options.interrupted ? options.interrupted() : 0) throw http::Interrupted{signal, {}};
  }

  /// Sleeps until a socket, the wake descriptor or the deadline wants attention.
  void poll(Deadline until) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    const auto timeout = std::clamp<std::int64_t>(left.count(), 0, 60'000);
    curl_waitfd wake{.fd = options.wake_descriptor, .events = CURL_WAIT_POLLIN, .revents = 0};
    const CURLMcode code =
        curl_multi_poll(multi.get(), &wake, wake.fd >= 0 ? 1 : 0, static_cast<int>(timeout), nullptr);
    if (code != CURLM_OK) throw Error(ErrorKind::internal, std::string("libcurl: ") + curl_multi_strerror(code));
  }

  EngineOptions options;
  MultiHandle multi;
  Trust trust;
  ProxyVariables proxies;
  std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> transfers;
  std::vector<std::unique_ptr<Transfer>> idle;
  std::deque<std::pair<std::uint64_t, http::Request>> queued;
  std::uint64_t performed = 0;  ///< calls of curl_multi_perform, without which nothing is sent
  bool protocol_known = false;
  bool multiplexed = false;  ///< HTTP/2; assumed of https until an answer tells
};

Engine::Engine(EngineOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Engine::~Engine() = default;

void Engine::start(std::uint64_t id, http::Request request) {
  if (state_->options.trace) trace_request(state_->options.trace, request);
  state_->submit(id, std::move(request));
}

void Engine::cancel(std::uint64_t id) { state_->cancel(id); }

std::size_t Engine::capacity() const { return state_->room(); }

void Engine::set_max_concurrency(std::size_t requests) {
  state_->options.connections = state_->options.streams = static_cast<long>(requests);
  state_->limit_connections();
}

bool Engine::cancel_unsent(std::uint64_t id) { return state_->cancel_unsent(id); }

std::vector<http::Completed> Engine::wait(Deadline until) {
  std::vector<http::Completed> finished;
  while (true) {
    state_->check_interruption();
    int running = 0;
    ++state_->performed;
    const CURLMcode code = curl_multi_perform(state_->multi.get(), &running);
    if (code != CURLM_OK) throw Error(ErrorKind::internal, std::string("libcurl: ") + curl_multi_strerror(code));
    state_->collect(finished);
    if (!finished.empty() || std::chrono::steady_clock::now() >= until) return finished;
    state_->poll(until);
  }
}

}  // namespace bookafy::net
