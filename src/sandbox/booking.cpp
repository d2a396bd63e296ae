#include "sandbox/booking.hpp"

namespace bookafy::sandbox {

Value cancellation(std::string_view canceled_by, std::string_view canceler_type, std::string_view reason,
                   Instant instant) {
  return Value::Object{{"canceled_by", canceled_by},
                       {"canceler_type", canceler_type},
                       {"created_at", format_instant(instant)},
                       {"reason", reason}};
}

Value canceled(Value document, const Value& cancellation) {
  document.set("status", "canceled");
  document.set("cancellation", cancellation);
  document.set("updated_at", cancellation.text_at("created_at"));
  return document;
}

Changes cancel_event(const World& world, const Value& event, const Value& cancellation) {
  Changes changes;
  const std::string path = event.text_at("uri");
  for (const auto& [number, record] : world.all("invitees")) {
    const Value& invitee = record.document;
    if (invitee.text_at("event") == path && invitee.text_at("status") == "active")
      changes.add(canceled(invitee, cancellation));
  }
  Value after = canceled(event, cancellation);
  after.find("invitees_counter")->set("active", 0);
  changes.add(std::move(after));
  return changes;
}

Changes mark_no_show(const Value& invitee, const std::string& no_show, Instant now) {
  const std::string instant = format_instant(now);
  Value after = invitee;
  after.set("no_show", Value::Object{{"uri", no_show}, {"created_at", instant}});
  after.set("updated_at", instant);
  Changes changes;
  changes.add(Value::Object{{"created_at", instant}, {"invitee", invitee.text_at("uri")}, {"uri", no_show}});
  changes.add(std::move(after));
  return changes;
}

Changes clear_no_show(const World& world, const Value& no_show, Instant now) {
  Changes changes;
  changes.erased.push_back(no_show.text_at("uri"));
  if (const Record* invitee = world.find(no_show.text_at("invitee"))) {
    Value after = invitee->document;
    after.set("no_show", nullptr);
    after.set("updated_at", format_instant(now));
    changes.add(std::move(after));
  }
  return changes;
}

}  // namespace bookafy::sandbox
