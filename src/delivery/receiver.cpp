#include "delivery/receiver.hpp"

#include <fmt/format.h>

#include <utility>

#include "delivery/allowance.hpp"

namespace bookafy::delivery {
namespace {

/// How long deliveries under way may take to be stored, or answered by the server they are passed on to.
constexpr std::chrono::seconds grace{15};

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
      : options(given), notices(notice_queue), take(std::move(taker)) {
    if (options.signing_key) key.emplace(*options.signing_key);
    server::ServerOptions settings;
    settings.host = options.host;
    settings.port = options.port;
    settings.max_body = options.max_body;
    settings.grace = grace;
    settings.refused = [this](const http::Request& request, const http::Response& response) {
      tell(request, response.status, response.body);
    };
    server.emplace(settings, [this](http::Request request, const server::Respond& respond) {
      receive(std::move(request), respond);
    });
  }

  ~State() {
    server.reset();
    tell_untold();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

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
    take({std::move(*delivery), respond});
  }

  ReceiverOptions options;
  Notices& notices;
  std::function<void(Arrival)> take;
  std::optional<SigningKey> key;
  Allowance allowance;
  std::optional<server::HttpServer> server;
};

Receiver::Receiver(const ReceiverOptions& options, Notices& notices, std::function<void(Arrival)> take)
    : state_(std::make_unique<State>(options, notices, std::move(take))) {}

Receiver::~Receiver() = default;

std::string Receiver::base_url() const { return state_->server->base_url(); }

}  // namespace bookafy::delivery
