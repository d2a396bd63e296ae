#include "commands/inspect.hpp"

#include <algorithm>

#include "commands/progress.hpp"
#include "commands/resource_input.hpp"
#include "commands/subscriptions.hpp"
#include "commands/tally.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {
namespace {

constexpr std::chrono::milliseconds time_to_learn_widths{200};

std::vector<std::string> columns_of(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::subscription: return subscription_columns();
    case ResourceKind::scheduled_event: return {"uri", "name", "status", "start_time", "end_time"};
    case ResourceKind::invitee: return {"uri", "name", "email", "status", "created_at"};
    case ResourceKind::user: return {"uri", "name", "email", "timezone"};
    case ResourceKind::organization: return {"uri", "name", "plan", "stage"};
    case ResourceKind::membership: return {"uri", "role", "user.name", "user.email"};
    case ResourceKind::group: return {"uri", "name"};
    case ResourceKind::routing_form: return {"uri", "name", "status"};
    case ResourceKind::routing_form_submission: return {"uri", "routing_form", "submitter", "created_at"};
    case ResourceKind::no_show: return {"uri", "invitee", "created_at"};
  }
  return {};
}

/// Several of one kind are rows with that kind's columns; a mixture shows what most kinds have.
std::vector<std::string> columns_of(const std::deque<Resource>& resources) {
  const auto kind = resources.front().kind;
  const bool same =
      std::all_of(resources.begin(), resources.end(), [&](const Resource& one) { return one.kind == kind; });
  return same ? columns_of(kind) : std::vector<std::string>{"uri", "name", "status", "created_at"};
}

}  // namespace

ExitStatus run(const InspectArgs& args, Context& context) {
  Tally tally(context);
  ResourceInput input(args.resources, context, tally);
  const bool one = args.resources.size() == 1 && !input.reads_standard_input() && !args.follow;
  Client& client = context.client();
  if (args.jobs > 0) client.limit_jobs(args.jobs);

  std::vector<std::string> columns;
  if (!input.named().empty()) columns = columns_of(input.named());
  std::optional<output::Printer> printer;
  auto open_printer = [&](ResourceKind first) {
    if (columns.empty()) columns = columns_of(first);
    if (!printer) printer.emplace(context.out, context.layout, columns, one ? output::Shape::one : output::Shape::many);
  };
  Progress progress(context, input.reads_standard_input() ? 0 : args.resources.size());
  auto tell = [&](const Outcome& outcome) {
    if (context.layout.width > 0) progress.clear();  // the rows go to the same terminal
    open_printer(outcome.resource.kind);
    if (outcome.error) return tally.failure(*outcome.error);
    printer->print(outcome.document);
    tally.success();
  };
  auto fields = output::looked_at(context.layout, columns, one ? output::Shape::one : output::Shape::many);
  if (args.follow && !fields.empty()) fields.insert(fields.end(), {"uri", "old_invitee", "new_invitee"});
  const auto each = [&](const Outcome& outcome) {
    tell(outcome);
    if (args.follow && outcome.resource.kind == ResourceKind::invitee && !outcome.error)
      for (const Outcome& other : client.rescheduled(outcome.document)) tell(other);
    progress.step();
    if (context.out.closed()) input.stop();
  };
  // What is there is written in large pieces, but never held back while something else is waited for. Only a table
  // waits for the answers that come at once, because its columns are as wide as the rows it knows; never for somebody
  // who types, and in a pipe nobody watches it.
  const bool is_table = context.layout.format == output::Format::table;
  const auto widths_known = context.steady_now() + time_to_learn_widths;
  const auto idle = [&] {
    const bool may_widen = !input.reads_standard_input() && context.steady_now() < widths_known;
    if (is_table && (!context.output_is_terminal || may_widen)) return;
    if (printer) printer->flush();
  };
  client.get_many(input, fields, each, idle);
  progress.clear();
  open_printer(ResourceKind::subscription);
  if (!one || tally.status() == 0) printer->finish();
  return tally.status();
}

}  // namespace bookafy::commands
