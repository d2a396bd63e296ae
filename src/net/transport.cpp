#include "bookafy/transport.hpp"

#include "net/engine.hpp"

namespace bookafy::http {

std::unique_ptr<Transport> make_transport(TransportOptions options) {
  net::EngineOptions engine;
  engine.timeout = options.timeout;
  engine.connect_timeout = options.connect_timeout;
  engine.trust.ca_file = std::move(options.ca_file);
  engine.user_agent = options.user_agent.empty() ? std::string("libbookafy/") + BOOKAFY_VERSION : options.user_agent;
  return std::make_unique<net::Engine>(std::move(engine));
}

}  // namespace bookafy::http
