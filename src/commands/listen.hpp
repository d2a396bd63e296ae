#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bookafy/scope.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

struct ListenArgs {
  std::string bind = "127.0.0.1:8026";
  std::string signing_key_file;
  int tolerance = 180;                              ///< seconds
  std::vector<std::string> events;                  ///< empty: all
  std::string forward_to;                           ///< URL; empty: nowhere
  std::string exec;                                 ///< a line of shell; empty: none
  std::string store;                                ///< a file; empty: nothing is stored
  std::size_t max_body = std::size_t{1024} * 1024;  ///< bytes
  std::string subscribe;                            ///< our URL as the API reaches it; empty: no subscription is made
  Scope scope = Scope::user;                        ///< of that subscription
  Owner owner;
};

/// Receives deliveries until interrupted.
ExitStatus run(const ListenArgs& args, Context& context);

}  // namespace bookafy::commands
