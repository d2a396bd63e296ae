#include "sandbox/booking.hpp"

#include <algorithm>

namespace bookafy::sandbox {
namespace {

const Value& event_of(const World& world, const Value& invitee) {
  return world.find(invitee.text_at("event"))->document;
}

std::int64_t counted(const Value& event, std::string_view key) {
  const Value* number = event.find("invitees_counter")->find(key);
  return number && number->integer() ? *number->integer() : 0;
}

/// The event once one invitee has left it.
Value without_one(Value event, const Value& cancellation) {
  const std::int64_t left = std::max<std::int64_t>(0, counted(event, "active") - 1);
  event.find("invitees_counter")->set("active", left);
  if (counted(event, "limit") <= 1) return canceled(std::move(event), cancellation);
  event.set("updated_at", cancellation.text_at("created_at"));
  return event;
}

/// The same meeting at another time, for one invitee, made at the time of the cancellation.
Value moved_event(Value event, const std::string& path, Timestamp start, const std::string& now) {
  const auto old_start = parse_timestamp(event.text_at("start_time"));
  const auto old_end = parse_timestamp(event.text_at("end_time"));
  const std::string begin = format_timestamp(start);
  const std::string end = format_timestamp(start + (*old_end - *old_start));
  event.set("uri", path);
  event.set("start_time", begin);
  event.set("end_time", end);
  event.set("created_at", now);
  event.set("updated_at", now);
  event.set("event_guests", Value::Array());
  event.find("invitees_counter")->set("total", 1);
  event.find("invitees_counter")->set("active", 1);
  for (Value& membership : *event.find("event_memberships")->array()) {
    if (membership.find("buffered_start_time")) membership.set("buffered_start_time", begin);
    if (membership.find("buffered_end_time")) membership.set("buffered_end_time", end);
  }
  return event;
}

Value moved_invitee(Value invitee, const Rescheduling& rescheduling, const std::string& now) {
  const std::string id(id_of(rescheduling.new_invitee));
  invitee.set("old_invitee", invitee.text_at("uri"));
  invitee.set("uri", rescheduling.new_invitee);
  invitee.set("event", rescheduling.new_invitee.substr(0, rescheduling.new_invitee.find("/invitees/")));
  invitee.set("cancel_url", "https://bookafy.com/cancellations/" + id);
  invitee.set("reschedule_url", "https://bookafy.com/reschedulings/" + id);
  invitee.set("created_at", now);
  invitee.set("updated_at", now);
  invitee.set("no_show", nullptr);
  return invitee;
}

}  // namespace

Value cancellation(std::string_view canceled_by, std::string_view canceler_type, std::string_view reason,
                   Timestamp instant) {
  return Value::Object{{"canceled_by", canceled_by},
                       {"canceler_type", canceler_type},
                       {"created_at", format_timestamp(instant)},
                       {"reason", reason}};
}

Value canceled(Value document, const Value& cancellation) {
  document.set("status", "canceled");
  document.set("cancellation", cancellation);
  document.set("updated_at", cancellation.text_at("created_at"));
  return document;
}

Changes book(const World& world, Value event, Value invitee, Timestamp now) {
  Changes changes;
  changes.occurrences.push_back(invitee_occurrence(world, "invitee.created", invitee, event, now));
  changes.add(std::move(event));
  changes.add(std::move(invitee));
  return changes;
}

Changes cancel_invitee(const World& world, const Value& invitee, const Value& cancellation) {
  Changes changes;
  Value event = without_one(event_of(world, invitee), cancellation);
  Value after = canceled(invitee, cancellation);
  const Timestamp now = *parse_timestamp(cancellation.text_at("created_at"));
  changes.occurrences.push_back(invitee_occurrence(world, "invitee.canceled", after, event, now));
  changes.add(std::move(event));
  changes.add(std::move(after));
  return changes;
}

Changes reschedule_invitee(const World& world, const Value& invitee, const Rescheduling& rescheduling) {
  const std::string now = rescheduling.cancellation.text_at("created_at");
  Value moved = moved_invitee(invitee, rescheduling, now);
  Value new_event = moved_event(event_of(world, invitee), moved.text_at("event"), rescheduling.start, now);

  Value old = invitee;
  old.set("rescheduled", true);
  old.set("new_invitee", rescheduling.new_invitee);
  Changes changes = cancel_invitee(world, old, rescheduling.cancellation);
  changes.occurrences.push_back(
      invitee_occurrence(world, "invitee.created", moved, new_event, changes.occurrences.front().at));
  if (rescheduling.creation_first) std::swap(changes.occurrences.front(), changes.occurrences.back());
  changes.add(std::move(new_event));
  changes.add(std::move(moved));
  return changes;
}

Changes submit_form(const World& world, Value submission, Timestamp now) {
  Changes changes;
  changes.occurrences.push_back(submission_occurrence(world, submission, now));
  changes.add(std::move(submission));
  return changes;
}

Changes cancel_event(const World& world, const Value& event, const Value& cancellation) {
  Changes changes;
  Value after = canceled(event, cancellation);
  after.find("invitees_counter")->set("active", 0);
  const Timestamp now = *parse_timestamp(cancellation.text_at("created_at"));
  const std::string path = event.text_at("uri");
  for (const auto& [number, record] : world.all("invitees")) {
    const Value& invitee = record.document;
    if (invitee.text_at("event") != path || invitee.text_at("status") != "active") continue;
    changes.add(canceled(invitee, cancellation));
    changes.occurrences.push_back(
        invitee_occurrence(world, "invitee.canceled", changes.put.back().document, after, now));
  }
  changes.add(std::move(after));
  return changes;
}

Changes mark_no_show(const Value& invitee, const std::string& no_show, Timestamp now) {
  const std::string instant = format_timestamp(now);
  Value after = invitee;
  after.set("no_show", Value::Object{{"uri", no_show}, {"created_at", instant}});
  after.set("updated_at", instant);
  Changes changes;
  changes.add(Value::Object{{"created_at", instant}, {"invitee", invitee.text_at("uri")}, {"uri", no_show}});
  changes.add(std::move(after));
  return changes;
}

Changes report_no_show(const World& world, const Value& invitee, const std::string& no_show, Timestamp now) {
  Changes changes = mark_no_show(invitee, no_show, now);
  changes.occurrences.push_back(
      invitee_occurrence(world, "invitee_no_show.created", changes.put.back().document, event_of(world, invitee), now));
  return changes;
}

Changes clear_no_show(const World& world, const Value& no_show, Timestamp now) {
  Changes changes;
  changes.erased.push_back(no_show.text_at("uri"));
  if (const Record* invitee = world.find(no_show.text_at("invitee"))) {
    Value after = invitee->document;
    after.set("no_show", nullptr);
    after.set("updated_at", format_timestamp(now));
    changes.occurrences.push_back(
        invitee_occurrence(world, "invitee_no_show.deleted", after, event_of(world, after), now));
    changes.add(std::move(after));
  }
  return changes;
}

}  // namespace bookafy::sandbox
