#include "api/invitee_search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/answer.hpp"
#include "bookafy/validation.hpp"

namespace bookafy {
namespace {

// Bounds memory, and keeps every slot for requests busy.
constexpr std::size_t most_pending_events = 200;

/// What deliveries leave out of a scheduled event.
void make_as_delivered(Value& event) {
  const auto remove = [](Value& from, std::string_view key) {
    if (auto* members = from.object())
      std::erase_if(*members, [&](const Value::Member& member) { return member.first == key; });
  };
  remove(event, "calendar_event");
  Value* memberships = event.find("event_memberships");
  if (auto* hosts = memberships ? memberships->array() : nullptr)
    for (Value& host : *hosts) {
      remove(host, "buffered_start_time");
      remove(host, "buffered_end_time");
    }
}

EventQuery event_query(const InviteeQuery& query, const std::vector<std::string>& fields) {
  EventQuery events{.organization = query.organization,
                    .user = query.user,
                    .group = query.group,
                    .invitee_email = query.email,
                    // An event goes on after one of several invitees canceled.
                    .status = query.status == "active" ? query.status : "",
                    .sort = query.sort,
                    .ahead = !query.limit,
                    .refusal_is_empty = query.refusal_is_empty,
                    .fields = fields};
  if (query.from) events.min_start_time = format_timestamp(*query.from);
  if (query.until) events.max_start_time = format_timestamp(*query.until);
  if (query.limit) events.page_size = static_cast<int>(std::clamp<std::size_t>(*query.limit, 1, 100));
  return events;
}

bool concerns_one_event(const Error& error) {
  return error.kind == ErrorKind::forbidden || error.kind == ErrorKind::not_found || error.kind == ErrorKind::server;
}

bool starts_within(const Value& event, const InviteeQuery& query) {
  const auto start = parse_timestamp(event.text_at("start_time"));
  return !start || ((!query.from || *start >= *query.from) && (!query.until || *start < *query.until));
}

}  // namespace

InviteeSearch::InviteeSearch(std::unique_ptr<State> state) : state_(std::move(state)) {}
InviteeSearch::InviteeSearch(InviteeSearch&&) noexcept = default;
InviteeSearch& InviteeSearch::operator=(InviteeSearch&&) noexcept = default;
InviteeSearch::~InviteeSearch() = default;

std::optional<std::variant<Value, Error>> InviteeSearch::next() { return state_->next(); }
bool InviteeSearch::ready() const { return state_->ready(); }
bool InviteeSearch::refused() const { return state_->refused(); }

InviteeSearch Client::find_invitees(const InviteeQuery& query) {
  return InviteeSearch(std::make_unique<InviteeSearch::State>(*this, State::connection_of(state_), query));
}

InviteeSearch::State::State(Client& client, const std::shared_ptr<Connection>& connection, const InviteeQuery& query)
    : connection_(connection), query_(query) {
  std::vector<std::string> event_fields;
  constexpr std::string_view prefix = "scheduled_event.";
  bool whole_event = query.fields.empty();
  for (const std::string& field : query.fields) {
    whole_event = whole_event || field == "scheduled_event";
    if (field.starts_with(prefix))
      event_fields.push_back(field.substr(prefix.size()));
    else
      invitee_fields_.push_back(field);
  }
  if (!query.fields.empty()) invitee_fields_.insert(invitee_fields_.end(), {"email", "status"});
  event_fields.insert(event_fields.end(), {"uri", "start_time"});
  if (whole_event) event_fields.clear();
  if (!query.event) events_ = client.scheduled_events(event_query(query, event_fields));
}

bool InviteeSearch::State::ready() const {
  if (ended() || !rows_.empty()) return true;
  if (!pending_.empty()) return pending_.front().invitees.ready();
  return !listed_.empty() || (events_ && events_->ready());
}

std::optional<std::variant<Value, Error>> InviteeSearch::State::next() {
  while (!ended()) {
    request_invitees();
    if (!rows_.empty()) {
      auto row = std::move(rows_.front());
      rows_.pop_front();
      if (std::holds_alternative<Value>(row)) ++found_;
      return row;
    }
    if (!pending_.empty())
      read_invitees();
    else if (failure_)
      fail(*std::exchange(failure_, std::nullopt));
    else
      list_events();
  }
  return std::nullopt;
}

bool InviteeSearch::State::ended() const {
  if (query_.limit && found_ >= *query_.limit) return true;
  return rows_.empty() && pending_.empty() && listed_.empty() && !more_events_ && !failure_;
}

/// As many as are of use; each event has at least one invitee, as a rule.
void InviteeSearch::State::request_invitees() {
  std::size_t room = most_pending_events;
  if (query_.limit) room = std::min(room, *query_.limit - std::min(*query_.limit, found_ + rows_.size()));
  while (pending_.size() < room) {
    if (listed_.empty()) {
      // The next page is waited for only when there is nothing else to do.
      if (!more_events_ || !events_ || !events_->ready()) return;
      list_events();
      continue;
    }
    Value event = std::move(listed_.front());
    listed_.pop_front();
    const auto resource = parse_resource_of(ResourceKind::scheduled_event, event.text_at("uri"));
    if (!resource) {
      failure_ = Error(ErrorKind::server, "the server listed a scheduled event without a usable uri");
      more_events_ = false;
      return listed_.clear();
    }
    if (!starts_within(event, query_)) continue;
    make_as_delivered(event);
    pending_.push_back({std::move(event), invitees_of(*resource)});
  }
}

/// Without the filter by address: whether a server compares addresses as we do is not known.
Pages InviteeSearch::State::invitees_of(const Resource& event) {
  Query parameters;
  parameters.add("status", query_.status).add("count", "100");
  return Pages(
      std::make_unique<Pages::State>(locked(connection_), event.path() + "/invitees", parameters,
                                     fmt::format("cannot list the invitees of the scheduled event {}", event.id),
                                     !query_.limit, false, invitee_fields_));
}

void InviteeSearch::State::fail(const Error& error) {
  more_events_ = false;
  listed_.clear();
  pending_.clear();
  throw Error(error);
}

/// A failure is thrown after the rows of the events before it.
void InviteeSearch::State::list_events() {
  more_events_ = false;  // unless this succeeds
  failure_ = error_of([&] { list_more_events(); });
  if (failure_ && failure_->kind == ErrorKind::unauthenticated) fail(*std::exchange(failure_, std::nullopt));
}

void InviteeSearch::State::list_more_events() {
  if (query_.event) {
    listed_.push_back(expect_resource(locked(connection_)->send("GET", query_.event->path()),
                                      fmt::format("cannot read the scheduled event {}", query_.event->id)));
    return;
  }
  auto page = events_->next();
  if (!page) return;
  listed_.assign(std::make_move_iterator(page->begin()), std::make_move_iterator(page->end()));
  more_events_ = true;
}

void InviteeSearch::State::read_invitees() {
  Pending& first = pending_.front();
  std::optional<std::vector<Value>> page;
  if (const auto error = error_of([&] { page = first.invitees.next(); })) {
    if (!concerns_one_event(*error)) fail(*error);
    pending_.pop_front();
    rows_.emplace_back(*error);
    return;
  }
  if (!page) {
    pending_.pop_front();
    return;
  }
  for (Value& invitee : *page) {
    if (!query_.status.empty() && invitee.text_at("status") != query_.status) continue;
    if (!query_.email.empty() && !same_email(invitee.text_at("email"), query_.email)) continue;
    invitee.set("scheduled_event", first.event);
    rows_.emplace_back(std::move(invitee));
  }
}

}  // namespace bookafy
