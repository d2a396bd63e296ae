#include <fmt/format.h>

#include <algorithm>

#include "api/answer.hpp"
#include "api/client_state.hpp"
#include "bookafy/event.hpp"
#include "net/curl_lines.hpp"

namespace bookafy {
namespace {

// The delete, the create, and what may have to be put back: once the first is sent, the rate limit must not part them.
constexpr int room_for_replacement = 3;

Resource resource_of(const Subscription& subscription) {
  if (auto resource = parse_resource_of(ResourceKind::subscription, subscription.uri)) return *resource;
  throw Error(ErrorKind::server, fmt::format("the server's {} is not the URI of a subscription", subscription.uri));
}

/// The old one as a create. Its key cannot be read: the new one's is the best guess at what its receiver expects.
NewSubscription restored(const Subscription& old, const NewSubscription& wished) {
  NewSubscription again = wished;
  again.url = old.callback_url;
  again.events = old.events;
  return again;
}

std::string repair_command(const NewSubscription& wished) {
  std::string line =
      fmt::format("bookafy create --url {} --event {} --scope {} --organization {}", net::shell_quoted(wished.url),
                  net::shell_quoted(fmt::format("{}", fmt::join(wished.events, ","))), to_string(wished.scope),
                  net::shell_quoted(wished.organization));
  if (!wished.user.empty()) line += " --user " + net::shell_quoted(wished.user);
  if (!wished.group.empty()) line += " --group " + net::shell_quoted(wished.group);
  if (wished.signing_key) line += " --signing-key-file FILE";
  if (!std::all_of(wished.events.begin(), wished.events.end(), find_event)) line += " --allow-unknown-event";
  return line;
}

/// Does the work; while a place is empty, an interruption must say so.
template <typename Work>
auto guarded(const std::string& account, const Work& work) {
  try {
    return work();
  } catch (http::Interrupted& interrupted) {
    interrupted.account = account;
    throw;
  }
}

/// One that somebody else has removed by now is gone as well.
void expect_gone(net::Answer answer, const Resource& subscription) {
  const auto* response = std::get_if<http::Response>(&answer.outcome);
  if (response && response->status == 404) return;
  expect_success(std::move(answer), fmt::format("cannot delete the subscription {}", subscription.id));
}

/// Whether a delete that failed so can have happened: it was not refused, but the answers to all tries were lost.
bool is_doubtful(const Error& error) { return error.kind == ErrorKind::network || error.kind == ErrorKind::server; }

std::optional<Error> delete_all(Connection& connection, const std::vector<Subscription>& present, int room,
                                const std::string& account, bool& removed) {
  try {
    for (const Subscription& old : present) {
      const Resource resource = resource_of(old);
      guarded(account,
              [&] { expect_gone(connection.await(connection.submit("DELETE", resource.path(), "", room)), resource); });
      removed = true;
    }
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace

Replacement Client::replace(const std::vector<Subscription>& present, const NewSubscription& wished) {
  Connection& connection = state_->connection;
  Replacement outcome;
  auto create_new = [&] {
    auto made = try_create(wished);
    if (auto* error = std::get_if<Error>(&made))
      outcome.error = std::move(*error);
    else
      outcome.made = std::get<Subscription>(std::move(made));
  };
  const Subscription& old = present.front();
  if (old.callback_url != wished.url) {
    create_new();
    if (!outcome.made) return outcome;
    outcome.error =
        delete_all(connection, present, 1,
                   fmt::format("the new subscription {} was made; {} may still be there", outcome.made->uri, old.uri),
                   outcome.removed);
    return outcome;
  }

  auto account = [](const std::string& what, const NewSubscription& missing) {
    return fmt::format("{}; if bookafy list shows none of {}, make it: {}", what, missing.url, repair_command(missing));
  };
  outcome.error = delete_all(connection, present, room_for_replacement,
                             account(fmt::format("the delete of {} was under way: it may be gone", old.uri), wished),
                             outcome.removed);
  if (outcome.error && !outcome.removed) {
    if (is_doubtful(*outcome.error)) outcome.repair = repair_command(wished);
    return outcome;
  }
  if (!outcome.error)
    guarded(account(fmt::format("{} is gone, and the create of the new one was under way", old.uri), wished),
            create_new);
  // After a conflict somebody else's has taken the place, and nothing is missing.
  if (outcome.made || outcome.error->status == 409) return outcome;
  const NewSubscription again = restored(old, wished);
  auto restored_one = guarded(account(fmt::format("{} is gone, and putting it back was under way", old.uri), again),
                              [&] { return try_create(again); });
  if (auto* put_back = std::get_if<Subscription>(&restored_one))
    outcome.put_back = std::move(*put_back);
  else if (std::get<Error>(restored_one).status != 409)
    outcome.repair = repair_command(again);
  return outcome;
}

}  // namespace bookafy
