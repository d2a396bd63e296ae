#include "commands/trigger.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "api/codec.hpp"
#include "bookafy/event.hpp"
#include "commands/sample_changes.hpp"
#include "commands/sending.hpp"
#include "commands/tally.hpp"
#include "commands/time_option.hpp"
#include "commands/trigger_sandbox.hpp"
#include "delivery/sender.hpp"
#include "output/printer.hpp"
#include "sandbox/reference.hpp"
#include "sandbox/sample.hpp"
#include "sandbox/seed.hpp"

namespace bookafy::commands {
namespace {

constexpr std::size_t at_once = 16;

void check(const TriggerArgs& args) {
  if (!find_event(args.event)) {
    std::vector<std::string_view> names;
    for (const Event& event : known_events()) names.push_back(event.name);
    for (const Happening& happening : known_happenings()) names.push_back(happening.word);
    const std::string meant = nearest(args.event, names);
    throw Error(ErrorKind::usage, fmt::format("there is no sample of {}{}", args.event,
                                              meant.empty() ? "" : fmt::format("; did you mean {}?", meant)));
  }
  if (!args.invitee.empty() || !args.host.empty())
    throw Error(ErrorKind::usage,
                fmt::format("{} {} does not go with a sample: --data changes its fields",
                            args.host.empty() ? "INVITEE" : "--host", args.host.empty() ? args.invitee : args.host));
  if (!args.dry_run && args.to.empty()) throw Error(ErrorKind::usage, "--to URL says where the delivery goes");
  if (!args.to.empty()) check_target("--to", args.to);
}

Value sample_user() {
  for (const sandbox::Record& record : sandbox::seed_world())
    if (record.document.text_at("uri") == sandbox::seed::owner) return record.document;
  throw Error(ErrorKind::internal, "the sample's user is missing");
}

/// The ids of a sample's own objects end in twelve zeroes and the number, so that several samples of one run are
/// several bookings, and those of two runs the same ones.
void renumber(Value& value, int number) {
  static const std::vector<std::string> own = {
      std::string(sandbox::seed::sample_event.substr(sandbox::seed::sample_event.rfind('/') + 1)),
      std::string(sandbox::seed::sample_invitee.substr(sandbox::seed::sample_invitee.rfind('/') + 1)),
      std::string(sandbox::seed::sample_submission.substr(sandbox::seed::sample_submission.rfind('/') + 1)),
      std::string(sandbox::seed::intro_call.substr(sandbox::seed::intro_call.rfind('/') + 1)),
      std::string(sandbox::sample_contact_id),
      std::string(sandbox::sample_recap_id)};
  if (const std::string* text = value.string()) {
    std::string changed = *text;
    for (const std::string& id : own)
      if (const auto at = changed.find(id); at != std::string::npos)
        changed.replace(at + id.size() - 12, 12, fmt::format("{:012}", number));
    value = changed;
  } else if (auto* members = value.object()) {
    for (auto& [key, member] : *members) renumber(member, number);
  } else if (auto* items = value.array()) {
    for (Value& item : *items) renumber(item, number);
  }
}

/// The samples one after the other. The first has the ids of the API's examples.
class Samples {
 public:
  Samples(const TriggerArgs& args, Context& context)
      : args_(args), context_(context), changes_(args.data, context), user_(sample_user()) {
    if (!args.at.empty()) at_ = parse_time_option("--at", args.at, context.now());
  }

  Timestamp now() const { return at_ ? *at_ : std::chrono::floor<std::chrono::microseconds>(context_.now()); }

  std::optional<Value> next() {
    if (made_ == args_.count) return std::nullopt;
    Value sample = sandbox::sample_delivery(args_.event, user_, std::chrono::floor<std::chrono::seconds>(now()));
    if (made_++ > 0) renumber(sample, made_);
    sandbox::make_full(sample, context_.api_url());
    changes_.apply(sample);
    return sample;
  }

 private:
  const TriggerArgs& args_;
  Context& context_;
  SampleChanges changes_;
  Value user_;
  std::optional<Timestamp> at_;
  int made_ = 0;
};

/// What is left of a delivery once it has gone out.
Value row_of(const Value& sample, const std::string& to) {
  const Value* uri = sample.at_path("payload.uri");
  return Value::Object{{"uri", uri ? *uri : Value()},
                       {"event", sample.text_at("event")},
                       {"created_at", sample.text_at("created_at")},
                       {"to", to}};
}

}  // namespace

ExitStatus run(const TriggerArgs& args, Context& context) {
  if (is_happening(args.event)) return run_happening(args, context);
  check(args);
  Samples samples(args, context);
  if (args.dry_run) {
    while (const auto sample = samples.next()) context.out.write(codec::encode(*sample) + "\n");
    return 0;
  }
  const delivery::SenderOptions options{
      .url = args.to,
      .signing_key = sending_key(args.signing_key_file, context),
      .now = [&samples] { return std::chrono::floor<std::chrono::seconds>(samples.now()); },
      .at_once = at_once};
  output::Printer printer(context.out, context.layout, {"uri", "event", "created_at", "to"}, output::Shape::many);
  Tally tally(context);
  std::unordered_map<std::uint64_t, Value> in_flight;
  std::uint64_t started = 0;
  delivery::send_all(
      options, context.delivery_transport(),
      [&]() -> std::optional<std::string> {
        const auto sample = samples.next();
        if (!sample) return std::nullopt;
        in_flight.emplace(started++, row_of(*sample, args.to));
        return codec::encode(*sample);
      },
      [&](std::uint64_t number, const http::Outcome& outcome) {
        const Value row = std::move(in_flight.extract(number).mapped());
        if (const auto error = sending_failure(args.to, outcome)) return tally.failure(*error);
        printer.print(row);
        tally.success();
      });
  printer.finish();
  return tally.status();
}

}  // namespace bookafy::commands
