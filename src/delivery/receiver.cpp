#include "delivery/receiver.hpp"

#include <fmt/format.h>

#include <utility>

#include "delivery/allowance.hpp"
#include "delivery/target.hpp"

namespace bookafy::delivery {
namespace {

/// How long deliveries under way may take to be stored, or answered by the server they are passed on to.
constexpr std::chrono::seconds grace{15};
/// The sender waits 15 s. What a target may take is less, so that its status comes first.
constexpr std::chrono::milliseconds answer_time{12'800};
static_assert(answer_time > forward_limits.whole);

}  // namespace

http::Response answer(int status, std::string text) {
  http::Response response;
  response.status = status;
  if (!text.empty()) response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  if (status == 405) response.headers.push_back({"Allow", "POST"});
  response.body = std::move(text);
  return response;
}

struct Receiver::State {
  State(const ReceiverOptions& given, Notices& notice_queue, std::function<void(Arrival)> taker)
      : options(given),
        notices(notice_queue),
        take(std::move(taker)),
        socket(given.host, given.port),
        base_url(socket.base_url()) {
    if (options.signing_key) key.emplace(*options.signing_key);
  }

  server::ServerOptions server_options(system::ThreadFailure& failure) {
    server::ServerOptions settings;
    settings.max_body = options.max_body;
    settings.grace = grace;
    settings.answer_time = answer_time;
    settings.failure = &failure;
    settings.refused = [this](const http::Request& request, const http::Response& response) {
      tell(request, response.status, response.body);
    };
    settings.report = [this](const std::string& text) { notices.say(text); };
    settings.handler_failed = [this](const std::string& problem) {
      notices.say("a request could not be handled: " + problem);
    };
    return settings;
  }

  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() = default;

  void tell(const http::Request& request, int status, std::string_view reason) {
    if (!allowance.take(std::chrono::steady_clock::now())) return;
    tell_untold();
    notices.say(fmt::format("refused {} {}: {} {}", request.method, request.url, status, reason));
  }

  void tell_untold() {
    if (const auto count = allowance.untold(); count > 0) notices.say(fmt::format("refused {} more requests", count));
  }

  void refuse(const http::Request& request, const server::Respond& respond, int status, std::string_view reason) {
    tell(request, status, reason);
    respond(answer(status, fmt::format("{}\n", reason)));
  }

  SignatureVerdict check(const http::Request& request, Timestamp now) const {
    if (!key) return SignatureVerdict::valid;
    const auto signature = find_signature(request.headers);
    if (!signature) return SignatureVerdict::no_header;
    return key->verify(*signature, request.body, std::chrono::floor<std::chrono::seconds>(now), options.tolerance);
  }

  /// Nothing of the body is looked at before its signature is known to be good.
  void receive(http::Request request, const server::Respond& respond) {
    if (request.method != "POST") return refuse(request, respond, 405, "deliveries are sent with POST");
    const auto now = std::chrono::floor<std::chrono::microseconds>(options.now());
    if (const auto verdict = check(request, now); verdict != SignatureVerdict::valid)
      return refuse(request, respond, 401, to_string(verdict));
    std::string problem;
    auto delivery = read_delivery(std::move(request.body), problem);
    if (!delivery) return refuse(request, respond, 400, "the body is no delivery: " + problem);
    if (!options.events.empty() && !options.events.contains(delivery->event)) return respond(answer(200));
    delivery->received_at = now;
    delivery->verification = key ? Verification::valid : Verification::unchecked;
    delivery->headers = std::move(request.headers);
    take({std::move(*delivery), respond, std::chrono::steady_clock::now()});
  }

  ReceiverOptions options;
  Notices& notices;
  std::function<void(Arrival)> take;
  std::optional<SigningKey> key;
  Allowance allowance;
  server::Listener socket;
  const std::string base_url;
  std::optional<server::HttpServer> server;
};

Receiver::Receiver(const ReceiverOptions& options, Notices& notices, std::function<void(Arrival)> take)
    : state_(std::make_unique<State>(options, notices, std::move(take))) {}

Receiver::~Receiver() { stop(); }

void Receiver::start(system::ThreadFailure& failure) {
  state_->server.emplace(
      std::move(state_->socket), state_->server_options(failure),
      [this](http::Request request, const server::Respond& respond) { state_->receive(std::move(request), respond); });
}

void Receiver::stop() {
  state_->server.reset();
  state_->tell_untold();
}

std::string Receiver::base_url() const { return state_->base_url; }

}  // namespace bookafy::delivery
