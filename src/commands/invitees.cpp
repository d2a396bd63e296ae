#include "commands/invitees.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bookafy/validation.hpp"
#include "commands/invitee_lookup.hpp"
#include "commands/owner.hpp"
#include "commands/resource_input.hpp"
#include "commands/tally.hpp"
#include "commands/time_option.hpp"
#include "output/printer.hpp"

namespace bookafy::commands {
namespace {

constexpr std::chrono::milliseconds time_to_learn_column_widths{200};

Resource parse_meeting(const InviteesArgs& args) {
  if (!args.owner.organization.empty() || !args.owner.user.empty() || !args.owner.group.empty())
    throw Error(ErrorKind::usage, "--meeting is not allowed with --organization, --user or --group");
  const auto resource = parse_resource_of(ResourceKind::scheduled_event, args.meeting);
  if (!resource)
    throw Error(ErrorKind::usage,
                fmt::format("invalid value \"{}\" for --meeting: not a URI or id of a scheduled event", args.meeting));
  return *resource;
}

void set_times(const InviteesArgs& args, Context& context, InviteeQuery& query) {
  const auto now = context.now();
  if (!args.from.empty()) query.from = parse_time_option("--from", args.from, now);
  if (!args.to.empty()) query.until = parse_time_option("--to", args.to, now);
  if (query.from && query.until && *query.from > *query.until)
    throw Error(ErrorKind::usage, fmt::format("--from {} is after --to {}", args.from, args.to));
  const auto current_time = std::chrono::floor<std::chrono::microseconds>(now);
  const bool ends_in_the_past = query.until && *query.until <= current_time;
  if (args.from.empty() && args.emails.empty() && args.meeting.empty() && !ends_in_the_past) query.from = current_time;
}

std::vector<std::string> distinct_emails(const std::vector<std::string>& given) {
  std::vector<std::string> emails;
  for (const std::string& email : given) {
    check_email(email, "--email");
    if (std::none_of(emails.begin(), emails.end(), [&](const auto& one) { return same_email(one, email); }))
      emails.push_back(email);
  }
  return emails;
}

InviteeLookupOptions lookup_options(const InviteesArgs& args, Context& context) {
  check_owner(args.owner, std::nullopt);
  InviteeLookupOptions options{
      .owner = args.owner, .emails = distinct_emails(args.emails), .merge = !args.sort.empty()};
  InviteeQuery& query = options.query;
  set_times(args, context, query);
  if (!args.meeting.empty()) query.event = parse_meeting(args);
  if (!args.sort.empty()) query.sort = args.sort;
  if (args.limit) query.limit = static_cast<std::size_t>(*args.limit);
  query.status = args.status;
  query.fields = output::looked_at(context.layout, invitee_columns(), output::Shape::many);
  return options;
}

}  // namespace

ExitStatus run(const InviteesArgs& args, Context& context) {
  InviteeLookupOptions options = lookup_options(args, context);
  if (options.query.event) warn_of_other_host(*options.query.event, context);
  if (args.jobs > 0) context.client().limit_jobs(args.jobs);
  InviteeLookup lookup(std::move(options), context);
  output::Printer printer(context.out, context.layout, invitee_columns(), output::Shape::many);
  Tally tally(context);
  const bool is_table = context.layout.format == output::Format::table;
  const auto widths_known = context.steady_now() + time_to_learn_column_widths;
  // Rows are not held back while more are waited for, except in a table that nobody watches.
  const auto flush = [&] {
    if (!is_table || (context.output_is_terminal && context.steady_now() >= widths_known)) printer.flush();
  };
  while (true) {
    if (!lookup.ready()) flush();
    if (!context.out.has_reader()) break;
    const auto row = lookup.next();
    if (!row) break;
    if (const auto* error = std::get_if<Error>(&*row)) {
      tally.failure(*error);
      continue;
    }
    printer.print(std::get<Value>(*row));
    tally.success();
  }
  if (printer.count() == 0 && tally.status() == 0) context.messages.note("no invitees found");
  // Without rows there is no header line either, only the empty array.
  if (printer.count() > 0 || context.layout.format == output::Format::json) printer.finish();
  return tally.status();
}

}  // namespace bookafy::commands
