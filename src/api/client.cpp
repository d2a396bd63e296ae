#include "bookafy/client.hpp"

#include <fmt/format.h>

#include "api/answer.hpp"
#include "api/client_state.hpp"
#include "api/pages.hpp"
#include "net/query.hpp"

namespace bookafy {
namespace {

User to_user(Value document) {
  User user{document.text_at("uri"),
            document.text_at("name"),
            document.text_at("email"),
            document.text_at("current_organization"),
            {}};
  user.document = std::move(document);
  return user;
}

std::string cannot_read(const Resource& resource) {
  return fmt::format("cannot read the {} {}", to_string(resource.kind), resource.id);
}

}  // namespace

Client::Client(http::Transport& transport, ClientOptions options)
    : state_(std::make_shared<State>(transport, std::move(options))) {}
Client::Client(Client&&) noexcept = default;
Client::~Client() = default;

void Client::limit_jobs(int jobs) {
  if (jobs < 1) throw Error(ErrorKind::usage, fmt::format("{} requests at once are not possible", jobs));
  state_->connection.limit_jobs(jobs);
}

User Client::me() {
  constexpr std::string_view attempted = "cannot read the token's user";
  try {
    User user = to_user(expect_resource(state_->connection.send("GET", "/users/me"), attempted));
    if (user.uri.empty() || user.organization.empty())
      throw Error(ErrorKind::server, "the user has no uri or no current_organization");
    return user;
  } catch (Error& error) {
    error.attempted = attempted;
    throw;
  }
}

std::optional<std::string> Client::role(const User& user) {
  Query query;
  query.add("user", user.uri).add("count", "100");
  try {
    Pages memberships(std::make_unique<Pages::State>(State::connection_of(state_), "/organization_memberships", query,
                                                     "cannot read the memberships of the token's user"));
    while (auto page = memberships.next())
      for (const Value& membership : *page)
        if (membership.text_at("organization") == user.organization) return membership.text_at("role");
  } catch (const Error& error) {
    if (error.kind != ErrorKind::forbidden) throw;
  }
  return std::nullopt;
}

Pages Client::list(const ListQuery& query) {
  Query parameters;
  parameters.add("organization", query.organization)
      .add("scope", to_string(query.scope))
      .add("user", query.user)
      .add("group", query.group)
      .add("sort", query.sort)
      .add("count", std::to_string(query.page_size));
  return Pages(std::make_unique<Pages::State>(State::connection_of(state_), "/webhook_subscriptions", parameters,
                                              "cannot list the subscriptions", query.ahead, query.refusal_is_empty,
                                              query.fields));
}

Pages Client::scheduled_events(const EventQuery& query) {
  Query parameters;
  parameters.add("organization", query.organization)
      .add("user", query.user)
      .add("group", query.group)
      .add("invitee_email", query.invitee_email)
      .add("status", query.status)
      .add("min_start_time", query.min_start_time)
      .add("max_start_time", query.max_start_time)
      .add("sort", query.sort)
      .add("count", std::to_string(query.page_size));
  return Pages(std::make_unique<Pages::State>(State::connection_of(state_), "/scheduled_events", parameters,
                                              "cannot list the scheduled events", query.ahead, query.refusal_is_empty,
                                              query.fields));
}

Pages Client::invitees(const Resource& scheduled_event) {
  Query parameters;
  parameters.add("count", "100");
  return Pages(std::make_unique<Pages::State>(
      State::connection_of(state_), scheduled_event.path() + "/invitees", parameters,
      fmt::format("cannot list the invitees of the scheduled event {}", scheduled_event.id)));
}

Value Client::get(const Resource& resource) {
  return expect_resource(state_->connection.send("GET", resource.path()), cannot_read(resource));
}

std::optional<Value> Client::request(const std::string& method, const std::string& target,
                                     const std::vector<std::pair<std::string, std::string>>& query,
                                     const std::string& body) {
  Query parameters;
  for (const auto& [name, value] : query) parameters.add(percent_encoded(name), value);
  const std::string attempted = fmt::format("cannot {} {}", method, target);
  const auto answer = state_->connection.send(method, parameters.after(target), body);
  const http::Response response = expect_success(answer, attempted);
  if (response.body.empty()) return std::nullopt;
  return decode_object(response, attempted);
}

Timestamp Client::server_time() const { return state_->connection.server_time(state_->connection.steady_now()); }

std::optional<Timestamp> Client::last_response_date() const { return state_->connection.last_response_date(); }

void Client::pause(std::chrono::milliseconds wait) { state_->connection.pause(wait); }

std::string Client::uri(const Resource& resource) const {
  return state_->connection.options().base_url + resource.path();
}

Subscription to_subscription(Value document) {
  Subscription subscription;
  subscription.uri = document.text_at("uri");
  subscription.callback_url = document.text_at("callback_url");
  subscription.scope = document.text_at("scope");
  subscription.state = document.text_at("state");
  subscription.organization = document.text_at("organization");
  subscription.user = document.text_at("user");
  subscription.group = document.text_at("group");
  subscription.created_at = document.text_at("created_at");
  subscription.retry_started_at = document.text_at("retry_started_at");
  const Value* events = document.find("events");
  if (subscription.uri.empty() || subscription.callback_url.empty() || !events || !events->array())
    throw Error(ErrorKind::server, "the server's answer is no subscription: uri, callback_url or events is missing");
  for (const Value& event : *events->array())
    if (const auto* name = event.string()) subscription.events.push_back(*name);
  subscription.document = std::move(document);
  return subscription;
}

Value subscription_body(const NewSubscription& wished, bool with_key) {
  Value body;
  body.set("url", wished.url);
  body.set("events", Value::Array(wished.events.begin(), wished.events.end()));
  body.set("scope", to_string(wished.scope));
  body.set("organization", wished.organization);
  if (!wished.user.empty()) body.set("user", wished.user);
  if (!wished.group.empty()) body.set("group", wished.group);
  if (wished.signing_key) body.set("signing_key", with_key ? wished.signing_key->reveal() : std::string_view("***"));
  return body;
}

}  // namespace bookafy
