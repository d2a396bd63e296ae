#include "app/session.hpp"

#include <fmt/format.h>

#include <cmath>

#include "net/engine.hpp"
#include "system/file.hpp"
#include "system/signals.hpp"

namespace bookafy::app {
namespace {

constexpr const char* default_api_url = "https://api.bookafy.com";
constexpr std::size_t largest_ca_file = std::size_t{64} * 1024 * 1024;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(std::llround(seconds * 1000.0));
}

net::TrustOptions trust_options(const cli::GlobalOptions& options, const system::Environment& environment) {
  auto get = [&](const char* name) { return environment.get(name).value_or(""); };
  net::TrustOptions trust;
  trust.ca_file = options.ca_file ? *options.ca_file : get("BOOKAFY_CA_FILE");
  trust.environment_file = environment.get("CURL_CA_BUNDLE").value_or(get("SSL_CERT_FILE"));
  trust.environment_directory = get("SSL_CERT_DIR");
  return trust;
}

net::EngineOptions engine_options(const cli::GlobalOptions& options, const system::Environment& environment) {
  net::EngineOptions engine;
  engine.timeout = milliseconds(options.timeout);
  engine.connect_timeout = milliseconds(options.connect_timeout);
  engine.trust = trust_options(options, environment);
  engine.user_agent = std::string("bookafy/") + BOOKAFY_VERSION;
  return engine;
}

/// The options of curl's for the same limits and the same trust.
std::string curl_options(const cli::GlobalOptions& options, const std::string& ca_file) {
  const std::string limits =
      fmt::format(" --connect-timeout {} --max-time {}", options.connect_timeout, options.timeout);
  return ca_file.empty() ? limits : limits + " --cacert " + net::shell_quoted(ca_file);
}

Error no_token(const std::string& what) {
  Error error(ErrorKind::unauthenticated, what);
  error.hint = "run 'bookafy login' or set BOOKAFY_TOKEN";
  return error;
}

}  // namespace

Session::Session(const cli::GlobalOptions& options, const system::Environment& environment, system::Input& input,
                 output::Messages& messages, output::Writer& curl_lines, http::Transport* network,
                 Surroundings surroundings, ProfileUse profile_use)
    : options_(options),
      environment_(environment),
      input_(input),
      messages_(messages),
      curl_lines_(curl_lines),
      network_(network),
      surroundings_(std::move(surroundings)),
      profile_name_(resolve_profile_name(options, environment)),
      profile_use_(profile_use) {
  if (profile_use == ProfileUse::maybe_new || !options.profile) return;
  if (options.token_file)
    throw Error(ErrorKind::usage, "--profile and --token-file both name a token: give one of them");
  stored();
}

const std::optional<profile::Profile>& Session::stored() {
  if (stored_) return *stored_;
  const profile::Profiles profiles(environment_);
  auto found = profiles.load(profile_name_);
  const bool is_named = options_.profile || environment_.get("BOOKAFY_PROFILE");
  if (!found && is_named && profile_use_ == ProfileUse::existing) throw profiles.missing(profile_name_);
  return stored_.emplace(std::move(found));
}

const std::string& Session::api_url() {
  if (!api_url_.empty()) return api_url_;
  api_url_ = given_api_url(options_, environment_);
  if (api_url_.empty() && stored() && !stored()->api_url.empty())
    api_url_ = checked_api_url(stored()->api_url, "the profile's API", options_.allow_http);
  if (api_url_.empty()) api_url_ = default_api_url;
  return api_url_;
}

const Token& Session::token() {
  if (token_) return *token_;
  // The lines show it as $BOOKAFY_TOKEN and need none themselves.
  token_ =
      options_.curl ? Token{Secret("$BOOKAFY_TOKEN"), "BOOKAFY_TOKEN"} : given_token(options_, environment_, input_);
  if (!token_) {
    token_ = stored_token();
    token_is_stored_ = true;
  }
  if (options_.curl) return *token_;
  messages_.add_secret(token_->secret);
  return *token_;
}

Token Session::stored_token() {
  if (!stored()) throw no_token("not logged in");
  Token token = usable({stored()->token, fmt::format("profile {}", profile_name_)});
  if (stored()->api_url == api_url()) return token;
  // A stored token belongs to the API it was proved with, and goes nowhere else.
  throw no_token(fmt::format("profile {} is a login to {}, not to {}", profile_name_, stored()->api_url, api_url()));
}

commands::Owner Session::default_owner() {
  commands::Owner owner{.organization = environment_.get("BOOKAFY_ORGANIZATION").value_or(""),
                        .user = environment_.get("BOOKAFY_USER").value_or("")};
  token();
  if (!token_is_stored_) return owner;
  if (owner.organization.empty()) owner.organization = stored()->organization;
  if (owner.user.empty()) owner.user = stored()->user;
  return owner;
}

http::Transport& Session::transport() {
  if (transport_) return *transport_;
  if (network_ && !options_.curl) return *network_;
  if (options_.curl) {
    const std::string ca_file = trust_options(options_, environment_).ca_file;
    auto lines = std::make_unique<net::CurlLines>([this](const std::string& line) { curl_lines_.write(line); },
                                                  curl_options(options_, ca_file));
    lines_ = lines.get();
    transport_ = std::move(lines);
    return *transport_;
  }
  transport_ = make_transport(net::Purpose::api);
  return *transport_;
}

http::Transport& Session::delivery_transport() {
  if (network_ || options_.curl) return transport();
  if (!delivery_transport_) delivery_transport_ = make_transport(net::Purpose::delivery);
  return *delivery_transport_;
}

std::unique_ptr<http::Transport> Session::make_transport(net::Purpose purpose) {
  net::EngineOptions engine = engine_options(options_, environment_);
  if (!engine.trust.ca_file.empty())  // else the mistake would look like one of the server's
    system::read_file(engine.trust.ca_file == "-" ? "./-" : engine.trust.ca_file, input_, "the CA file",
                      largest_ca_file);
  if (options_.verbose) engine.trace = [this](const std::string& line) { messages_.trace(line); };
  engine.wake_descriptor = system::signal_descriptor();
  engine.interrupted = system::pending_signal;
  engine.purpose = purpose;
  return std::make_unique<net::Engine>(std::move(engine));
}

std::unique_ptr<http::Transport> Session::new_transport() {
  return std::make_unique<net::Engine>(engine_options(options_, environment_));
}

std::unique_ptr<http::Transport> Session::new_delivery_transport(const system::Wake& wake,
                                                                 const commands::TransportLimits& limits) {
  net::EngineOptions engine = engine_options(options_, environment_);
  engine.purpose = net::Purpose::delivery;
  engine.connect_timeout = limits.connect;
  engine.timeout = limits.whole;
  engine.connections = limits.connections;
  engine.wake_descriptor = wake.descriptor();
  engine.interrupted = [&wake] { return wake.take() ? 1 : 0; };
  return std::make_unique<net::Engine>(std::move(engine));
}

ClientOptions Session::options_for(const Secret& token, const std::string& other_api_url) {
  const std::string url =
      other_api_url.empty() ? api_url() : checked_api_url(other_api_url, "the profile's API", options_.allow_http);
  ClientOptions options{.base_url = url, .token = token, .retry = {}, .surroundings = surroundings_};
  options.retry.max_retries = options_.max_retries;
  options.retry.max_wait = milliseconds(options_.max_wait);
  options.surroundings.notify = [this](const std::string& text) { messages_.note(text); };
  return options;
}

Client& Session::client_for(const Secret& token, const std::string& other_api_url) {
  return client_.emplace(transport(), options_for(token, other_api_url));
}

void Session::finish() {
  if (lines_) lines_->finish();
}

Client& Session::client() { return client_ ? *client_ : client_for(token().secret); }

}  // namespace bookafy::app
