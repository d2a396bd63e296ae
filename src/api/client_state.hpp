#pragma once

#include "api/connection.hpp"

namespace bookafy {

struct Client::State {
  State(http::Transport& transport, ClientOptions options) : connection(transport, std::move(options)) {}

  Connection connection;
};

}  // namespace bookafy
