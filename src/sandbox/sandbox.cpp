#include "sandbox/sandbox.hpp"

#include <optional>

#include "sandbox/api.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/delay.hpp"
#include "sandbox/seed.hpp"
#include "server/http_server.hpp"
#include "server/listener.hpp"

namespace bookafy::sandbox {
namespace {

World open_world(const std::string& data_file) {
  if (data_file.empty()) return World(seed_world());
  return World(std::make_unique<Store>(data_file), seed_world());
}

}  // namespace

/// In the order of dependence: the server, destroyed first, needs all that stands before it.
struct Sandbox::State {
  State(const SandboxOptions& options, server::Listener listener)
      : world(open_world(options.data_file)),
        time(sandbox_time(options.surroundings, options.clock_speed, world)),
        api(world, time, listener.base_url(), options.rate_limit, options.complain) {
    if (options.transport)
      dispatcher.emplace(Outbox(world, time, listener.base_url()), api.mutex(), time, options.clock_speed,
                         options.transport, options.complain, failure);
    if (options.latency.count() > 0) delay.emplace(options.latency, failure);
    server::ServerOptions settings;
    settings.failure = &failure;
    settings.handler_failed = options.complain;
    settings.report = options.complain;
    server.emplace(std::move(listener), settings, [this](const http::Request& request, const server::Respond& respond) {
      http::Response response = api.handle(request);
      if (dispatcher && request.method != "GET") dispatcher->look();
      if (delay)
        delay->send(respond, std::move(response));
      else
        respond(std::move(response));
    });
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (delay) delay->finish();
  }

  system::ThreadFailure failure;
  World world;
  const Surroundings time;
  Api api;
  std::optional<Dispatcher> dispatcher;
  std::optional<Delay> delay;
  std::optional<server::HttpServer> server;
};

Sandbox::Sandbox(const SandboxOptions& options)
    : state_(std::make_unique<State>(options, server::Listener(options.host, options.port))) {}

Sandbox::~Sandbox() = default;

std::string Sandbox::base_url() const { return state_->server->base_url(); }

const system::ThreadFailure& Sandbox::failure() const { return state_->failure; }

std::span<const Token> Sandbox::tokens() const { return known_tokens(); }

}  // namespace bookafy::sandbox
