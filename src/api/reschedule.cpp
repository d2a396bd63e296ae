#include <fmt/format.h>

#include <set>

#include "api/answer.hpp"
#include "api/client_state.hpp"

namespace bookafy {
namespace {

/// Follows one direction until it ends; `seen` ends a circle.
void follow(Connection& connection, const Value& from, std::string_view key, std::set<std::string>& seen,
            std::vector<Outcome>& chain) {
  std::string uri = from.text_at(key);
  while (auto next = parse_resource_of(ResourceKind::invitee, uri)) {
    if (!seen.insert(next->path()).second) return;
    Outcome outcome{.resource = *next, .document = {}, .error = {}};
    try {
      outcome.document =
          expect_resource(connection.send("GET", next->path()), fmt::format("cannot read the invitee {}", next->id));
    } catch (const Error& error) {
      outcome.error = error;
    }
    uri = outcome.document.text_at(key);
    chain.push_back(std::move(outcome));
  }
}

}  // namespace

std::vector<Outcome> Client::rescheduled(const Value& invitee) {
  std::vector<Outcome> chain;
  std::set<std::string> seen;
  if (auto self = parse_resource_of(ResourceKind::invitee, invitee.text_at("uri"))) seen.insert(self->path());
  follow(state_->connection, invitee, "old_invitee", seen, chain);
  follow(state_->connection, invitee, "new_invitee", seen, chain);
  return chain;
}

}  // namespace bookafy
