#include "commands/deliveries.hpp"

#include <fmt/format.h>

#include "api/codec.hpp"
#include "commands/event_names.hpp"
#include "commands/sending.hpp"
#include "commands/tally.hpp"
#include "commands/time_option.hpp"
#include "delivery/delivery_store.hpp"
#include "delivery/sender.hpp"
#include "output/printer.hpp"
#include "system/signals.hpp"

namespace bookafy::commands {
namespace {

Value to_value(const delivery::Stored& stored) {
  const delivery::Delivery& delivery = stored.delivery;
  std::string problem;
  auto body = codec::decode(delivery.body, problem);
  return Value::Object{{"number", stored.number},
                       {"received_at", format_timestamp(delivery.received_at)},
                       {"event", delivery.event},
                       {"uri", delivery.uri.empty() ? Value() : Value(delivery.uri)},
                       {"created_at", delivery.created_at},
                       {"verification", delivery::to_string(delivery.verification)},
                       {"body", body ? std::move(*body) : Value(delivery.body)}};
}

/// One after the other: what belongs to one invitee arrives in the order in which it came.
ExitStatus replay(const DeliveriesArgs& args, const std::vector<std::int64_t>& numbers, delivery::DeliveryReader& store,
                  output::Printer& printer, Context& context) {
  const delivery::SenderOptions options{
      .url = args.replay, .signing_key = sending_key(args.signing_key_file, context), .now = [&context] {
        return std::chrono::floor<std::chrono::seconds>(context.now());
      }};
  Tally tally(context);
  std::size_t next = 0;
  delivery::Stored sent;
  delivery::send_all(
      options, context.delivery_transport(),
      [&]() -> std::optional<std::string> {
        if (next == numbers.size()) return std::nullopt;
        sent = store.read(numbers[next++]);
        return sent.delivery.body;
      },
      [&](std::uint64_t, const http::Outcome& outcome) {
        if (const auto error = sending_failure(args.replay, outcome)) return tally.failure(*error);
        printer.print(to_value(sent));
        tally.success();
      });
  printer.finish();
  return tally.status();
}

}  // namespace

ExitStatus run(const DeliveriesArgs& args, Context& context) {
  if (!args.replay.empty()) check_target("--replay", args.replay);
  warn_of_unknown_events({args.event}, context);
  delivery::DeliveryFilter filter{.event = args.event, .since = std::nullopt};
  if (!args.since.empty()) filter.since = parse_time_option("--since", args.since, context.now());
  const auto store = delivery::open_store_for_reading(args.store, system::throw_pending_signal);
  output::Printer printer(context.out, context.layout,
                          {"number", "received_at", "event", "uri", "created_at", "verification"}, output::Shape::many);
  if (!args.replay.empty()) return replay(args, store->numbers(filter), *store, printer, context);
  store->each_delivery(filter, [&](const delivery::Stored& stored) {
    printer.print(to_value(stored));
    return !context.out.closed();
  });
  printer.finish();
  if (printer.count() == 0) context.messages.note("no deliveries");
  return 0;
}

}  // namespace bookafy::commands
