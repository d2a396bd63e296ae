#pragma once

#include "api/connection.hpp"

namespace bookafy {

struct Client::State {
  State(http::Transport& transport, ClientOptions options) : connection(transport, std::move(options)) {}

  /// Shares the ownership of the whole.
  static std::shared_ptr<Connection> connection_of(const std::shared_ptr<State>& state) {
    return {state, &state->connection};
  }

  Connection connection;
};

}  // namespace bookafy
