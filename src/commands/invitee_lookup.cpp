#include "commands/invitee_lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bookafy/validation.hpp"
#include "commands/owner.hpp"

namespace bookafy::commands {
namespace {

// How many addresses are searched at once when they are printed one after the other.
constexpr std::size_t searches_ahead = 50;

std::optional<Timestamp> start_of(const std::variant<Value, Error>& row) {
  const Value* start = std::get<Value>(row).at_path("scheduled_event.start_time");
  return start && start->string() ? parse_timestamp(*start->string()) : std::nullopt;
}

}  // namespace

std::vector<std::string> invitee_columns() {
  return {"uri", "name", "email", "status", "scheduled_event.name", "scheduled_event.start_time"};
}

void check_email(const std::string& text, const std::string& source) {
  if (!is_email(text))
    throw Error(ErrorKind::usage, fmt::format("invalid value \"{}\" for {}: not an e-mail address", text, source));
}

InviteeLookup::InviteeLookup(InviteeLookupOptions options, Context& context)
    : context_(context), options_(std::move(options)) {
  if (!options_.query.event) set_owner();
  for (const std::string& email : options_.emails) parts_.push_back({.email = email});
  if (parts_.empty()) parts_.push_back({});
  start_ahead();
}

void InviteeLookup::set_owner() {
  const Owner& given = options_.owner;
  InviteeQuery& query = options_.query;
  query.refusal_is_empty = given.user.empty() && given.group.empty();
  std::optional<Scope> needed = given.user.empty() ? Scope::group : Scope::user;
  const bool organization_is_known = !given.organization.empty() || !context_.default_owner().organization.empty();
  // What is not known comes from one request, which reports organization and user.
  if (query.refusal_is_empty) needed = organization_is_known ? std::optional(Scope::organization) : std::nullopt;
  const Owner owner = find_owner(given, needed, context_);
  query.organization = owner.organization;
  query.group = owner.group;
  if (query.refusal_is_empty)
    user_ = owner.user;
  else
    query.user = owner.user;
  if (organization_is_known) organization_given_ = owner.organization;
}

void InviteeLookup::start(Part& part) {
  InviteeQuery query = options_.query;
  query.email = part.email;
  part.search = context_.client().find_invitees(query);
}

void InviteeLookup::start_ahead() {
  std::size_t end = parts_.size();
  if (!options_.merge) end = std::min(end, current_ + (options_.query.limit ? 1 : searches_ahead));
  for (std::size_t i = current_; i < end; ++i)
    if (!parts_[i].search && !parts_[i].ended) start(parts_[i]);
}

/// After the organization was refused: the first part finds out for all.
bool InviteeLookup::search_own_meetings(Part& part) {
  if (!part.search->refused()) return false;
  InviteeQuery& query = options_.query;
  if (query.refusal_is_empty) {
    if (user_.empty()) {
      Owner owner = options_.owner;
      owner.organization = query.organization;
      user_ = find_owner(owner, Scope::user, context_).user;
    }
    query.refusal_is_empty = false;
    query.organization = organization_given_;
    query.user = user_;
  }
  start(part);
  return true;
}

void InviteeLookup::fill(Part& part) {
  while (!part.row && !part.ended) {
    part.row = part.search->next();
    if (part.row || search_own_meetings(part)) continue;
    part.ended = true;
    part.search.reset();
  }
}

InviteeLookup::Part* InviteeLookup::next_part() {
  if (!options_.merge) {
    for (; current_ < parts_.size(); ++current_) {
      start_ahead();
      fill(parts_[current_]);
      if (parts_[current_].row) return &parts_[current_];
    }
    return nullptr;
  }
  Part* best = nullptr;
  const bool descending = options_.query.sort.ends_with(":desc");
  for (Part& part : parts_) {
    fill(part);
    if (!part.row) continue;
    if (std::holds_alternative<Error>(*part.row)) return &part;
    if (!best || (descending ? start_of(*part.row) > start_of(*best->row) : start_of(*part.row) < start_of(*best->row)))
      best = &part;
  }
  return best;
}

std::optional<InviteeLookup::Row> InviteeLookup::next() {
  if (options_.query.limit && total_ >= *options_.query.limit) return std::nullopt;
  Part* part = next_part();
  if (!part) return std::nullopt;
  std::optional<Row> row = std::exchange(part->row, std::nullopt);
  if (std::holds_alternative<Value>(*row)) {
    ++part->found;
    ++total_;
  }
  return row;
}

bool InviteeLookup::ready() const {
  const auto is_ready = [](const Part& part) {
    return part.row || part.ended || (part.search && part.search->ready());
  };
  if (options_.merge) return std::all_of(parts_.begin(), parts_.end(), is_ready);
  return current_ >= parts_.size() || is_ready(parts_[current_]);
}

}  // namespace bookafy::commands
