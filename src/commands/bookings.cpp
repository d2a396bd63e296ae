#include "commands/bookings.hpp"

#include <fmt/format.h>

#include "commands/owner.hpp"
#include "commands/time_option.hpp"
#include "delivery/delivery_store.hpp"
#include "output/printer.hpp"
#include "system/signals.hpp"

namespace bookafy::commands {
namespace {

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value to_value(const delivery::Booking& booking) {
  return Value::Object{{"uri", booking.uri},
                       {"status", delivery::to_string(booking.state)},
                       {"name", or_null(booking.name)},
                       {"email", or_null(booking.email)},
                       {"event", or_null(booking.event)},
                       {"event_name", or_null(booking.event_name)},
                       {"start_time", or_null(booking.start_time)},
                       {"end_time", or_null(booking.end_time)},
                       {"old_invitee", or_null(booking.old_invitee)},
                       {"old_start_time", or_null(booking.old_start_time)},
                       {"new_invitee", or_null(booking.new_invitee)},
                       {"new_start_time", or_null(booking.new_start_time)},
                       {"canceled_by", or_null(booking.canceled_by)},
                       {"reason", or_null(booking.reason)},
                       {"no_show", booking.no_show},
                       {"source", booking.source}};
}

/// The invitees of one page of events are asked for side by side.
std::size_t take_in(const std::vector<Value>& events, delivery::DeliveryStore& store, Context& context) {
  std::vector<Pages> lists;
  std::vector<const Value*> asked;
  for (const Value& event : events) {
    const auto resource = parse_resource_of(ResourceKind::scheduled_event, event.text_at("uri"));
    if (!resource) throw Error(ErrorKind::server, "the server listed a scheduled event without a usable uri");
    lists.push_back(context.client().invitees(*resource));
    asked.push_back(&event);
  }
  const auto fetched_at = std::chrono::floor<std::chrono::microseconds>(context.now());
  std::size_t count = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    while (auto page = lists[i].next()) {
      store.begin();
      for (const Value& invitee : *page) store.add_booking(invitee, *asked[i], fetched_at);
      store.commit();
      count += page->size();
    }
  }
  return count;
}

/// The organization's events where the role allows, else the user's own.
void sync(const BookingsArgs& args, Context& context) {
  const auto store = delivery::open_store(args.store);
  const std::string since =
      args.since.empty() ? "" : format_timestamp(parse_time_option("--since", args.since, context.now()));
  const Owner owner = find_owner(args.owner, Scope::user, context);
  const bool named = !args.owner.user.empty();
  std::size_t events = 0;
  std::size_t invitees = 0;
  auto take = [&](const EventQuery& query) {
    Pages pages = context.client().scheduled_events(query);
    while (const auto page = pages.next()) {
      events += page->size();
      invitees += take_in(*page, *store, context);
    }
  };
  if (!named) take({.organization = owner.organization, .user = {}, .min_start_time = since, .refusal_is_empty = true});
  // Another user's are asked for together with the organization; one's own without, which no role is refused.
  if (events == 0) take({.organization = named ? owner.organization : "", .user = owner.user, .min_start_time = since});
  context.messages.note(fmt::format("the API has {} invitees of {} scheduled events", invitees, events));
}

}  // namespace

ExitStatus run(const BookingsArgs& args, Context& context) {
  if (args.sync) sync(args, context);
  const auto store = delivery::open_store_for_reading(args.store, system::throw_pending_signal);
  output::Printer printer(context.out, context.layout,
                          {"uri", "status", "name", "email", "event_name", "start_time", "old_invitee", "new_invitee"},
                          output::Shape::many);
  store->each_booking([&](const delivery::Booking& booking) {
    if (args.status.empty() || args.status == delivery::to_string(booking.state)) printer.print(to_value(booking));
    return !context.out.closed();
  });
  printer.finish();
  if (printer.count() == 0) context.messages.note("no bookings");
  return 0;
}

}  // namespace bookafy::commands
