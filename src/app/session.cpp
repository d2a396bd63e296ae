#include "app/session.hpp"

#include "net/engine.hpp"
#include "system/signals.hpp"

namespace bookafy::app {
namespace {

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000.0 + 0.5));
}

net::TrustOptions trust_options(const cli::GlobalOptions& options, const system::Environment& environment) {
  auto get = [&](const char* name) { return environment.get(name).value_or(""); };
  net::TrustOptions trust;
  trust.ca_file = options.ca_file ? *options.ca_file : get("BOOKAFY_CA_FILE");
  trust.environment_file = environment.get("CURL_CA_BUNDLE").value_or(get("SSL_CERT_FILE"));
  trust.environment_directory = get("SSL_CERT_DIR");
  return trust;
}

}  // namespace

Session::Session(const cli::GlobalOptions& options, const system::Environment& environment, system::Input& input,
                 output::Messages& messages)
    : options_(options), environment_(environment), input_(input), messages_(messages) {}

const std::string& Session::api_url() {
  if (!api_url_) api_url_ = resolve_api_url(options_, environment_);
  return *api_url_;
}

const Token& Session::token() {
  if (!token_) {
    token_ = resolve_token(options_, environment_, input_);
    messages_.add_secret(token_->secret);
  }
  return *token_;
}

Client& Session::client() {
  if (client_) return *client_;
  ClientOptions options{.base_url = api_url(), .token = token().secret, .retry = {}, .surroundings = {}};
  options.retry.max_retries = options_.max_retries;
  options.retry.max_wait = milliseconds(options_.max_wait);
  options.surroundings.notify = [this](const std::string& text) { messages_.note(text); };

  net::EngineOptions engine;
  engine.timeout = milliseconds(options_.timeout);
  engine.connect_timeout = milliseconds(options_.connect_timeout);
  engine.trust = trust_options(options_, environment_);
  engine.user_agent = std::string("bookafy/") + BOOKAFY_VERSION;
  if (options_.verbose) engine.trace = [this](const std::string& line) { messages_.trace(line); };
  engine.wake_descriptor = system::signal_descriptor();
  engine.interrupted = system::pending_signal;
  transport_ = std::make_unique<net::Engine>(std::move(engine));
  client_.emplace(*transport_, std::move(options));
  return *client_;
}

}  // namespace bookafy::app
