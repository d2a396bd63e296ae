#include <fmt/format.h>

#include <deque>

#include "api/answer.hpp"
#include "api/client_state.hpp"

namespace bookafy {
namespace {

// How many deletes may be queued behind the one whose turn it is to be told.
constexpr std::size_t lookahead = 200;

void expect_deleted(net::Answer answer, const Resource& subscription) {
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  if (response && response->status == 404 && answer.maybe_done_before) return;
  expect_success(std::move(answer), fmt::format("cannot delete the subscription {}", subscription.id));
}

/// `pending`: how many have been queued and not answered, this one's included.
net::Answer await_delete(Connection& connection, std::uint64_t ticket, const Resource& subscription,
                         std::size_t pending) {
  try {
    return connection.await(ticket);
  } catch (http::Interrupted& interrupted) {
    if (pending == 1)
      interrupted.account = fmt::format("the delete of {} was under way: it may be gone", subscription.id);
    else
      interrupted.account = fmt::format(
          "the deletes of {} subscriptions, {} and after, were under way: they may be gone", pending, subscription.id);
    throw;
  }
}

}  // namespace

void Client::remove(const Resource& subscription) {
  Connection& connection = state_->connection;
  const auto ticket = connection.submit("DELETE", subscription.path());
  expect_deleted(await_delete(connection, ticket, subscription, 1), subscription);
}

void Client::remove_many(const std::vector<Resource>& subscriptions, const std::function<void(Outcome)>& each) {
  Connection& connection = state_->connection;
  std::deque<std::uint64_t> tickets;
  auto next = subscriptions.begin();
  for (const Resource& subscription : subscriptions) {
    for (; next != subscriptions.end() && tickets.size() < lookahead; ++next)
      tickets.push_back(connection.submit("DELETE", next->path()));
    Outcome outcome{.resource = subscription, .document = {}, .error = {}};
    try {
      expect_deleted(await_delete(connection, tickets.front(), subscription, tickets.size()), subscription);
    } catch (const Error& error) {
      outcome.error = error;
    }
    tickets.pop_front();
    each(std::move(outcome));
  }
}

}  // namespace bookafy
