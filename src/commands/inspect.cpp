#include "commands/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bookafy/validation.hpp"
#include "commands/invitee_lookup.hpp"
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
std::vector<std::string> columns_of(const std::vector<ResourceKind>& kinds) {
  const bool same = std::all_of(kinds.begin(), kinds.end(), [&](ResourceKind kind) { return kind == kinds.front(); });
  return same ? columns_of(kinds.front()) : std::vector<std::string>{"uri", "name", "status", "created_at"};
}

class Inspection {
 public:
  Inspection(const InspectArgs& args, Context& context)
      : args_(args),
        context_(context),
        tally_(context),
        input_(args.resources, context, tally_),
        shape_(is_one() ? output::Shape::one : output::Shape::many),
        progress_(context, input_.reads_standard_input() ? 0 : args.resources.size()),
        widths_known_(context.steady_now() + time_to_learn_widths) {
    if (only_emails())
      columns_ = invitee_columns();
    else if (const auto kinds = input_.kinds(); !kinds.empty())
      columns_ = columns_of(kinds);
    fields_ = output::looked_at(context.layout, columns_, shape_);
    if (args.follow && !fields_.empty()) fields_.insert(fields_.end(), {"uri", "old_invitee", "new_invitee"});
  }

  ExitStatus run() {
    if (args_.jobs > 0) context_.client().limit_jobs(args_.jobs);
    std::vector<std::string> emails;
    do {
      const bool all_done = context_.client().get_many(
          input_, fields_,
          [&](const Outcome& outcome) {
            show(outcome);
            progress_.step();
            return context_.out.has_reader();
          },
          [&] { flush_before_wait(); });
      if (!all_done) {
        if (context_.out.has_reader()) context_.messages.note("the resources after the 401 were not requested");
        break;
      }
      emails = input_.take_emails();
      if (!emails.empty()) look_up(emails);
    } while (!emails.empty() && context_.out.has_reader());
    progress_.clear();
    open_printer(ResourceKind::subscription);
    if (shape_ == output::Shape::many || tally_.status() == 0) printer_->finish();
    return tally_.status();
  }

 private:
  bool only_emails() const {
    return std::all_of(args_.resources.begin(), args_.resources.end(), [](const auto& text) { return is_email(text); });
  }
  bool is_one() const {
    return args_.resources.size() == 1 && !input_.reads_standard_input() && !args_.follow && !only_emails();
  }

  void open_printer(ResourceKind first) {
    if (columns_.empty()) columns_ = columns_of(first);
    if (!printer_) printer_.emplace(context_.out, context_.layout, columns_, shape_);
  }

  void show(const Outcome& outcome) {
    if (context_.layout.width > 0) progress_.clear();  // the rows go to the same terminal
    open_printer(outcome.resource.kind);
    if (outcome.error) return tally_.failure(*outcome.error);
    printer_->print(outcome.document);
    tally_.success();
    if (!args_.follow || outcome.resource.kind != ResourceKind::invitee || following_) return;
    following_ = true;
    for (const Outcome& other : context_.client().rescheduled(outcome.document)) show(other);
    following_ = false;
  }

  void look_up(const std::vector<std::string>& emails) {
    InviteeLookup lookup({.query = {.fields = fields_}, .emails = emails}, context_);
    while (true) {
      if (!lookup.ready()) flush_before_wait();
      if (!context_.out.has_reader()) return;
      auto row = lookup.next();
      if (!row) break;
      Outcome outcome{};
      outcome.resource.kind = ResourceKind::invitee;
      if (auto* error = std::get_if<Error>(&*row))
        outcome.error = std::move(*error);
      else
        outcome.document = std::get<Value>(std::move(*row));
      show(outcome);
    }
    for (std::size_t i = 0; i < emails.size(); ++i) {
      const bool requests_are_only_printed = context_.key_for_curl.has_value();
      if (lookup.found(i) == 0 && !requests_are_only_printed)
        tally_.failure(Error(ErrorKind::not_found, fmt::format("no invitee has the e-mail address {}", emails[i])));
      progress_.step();
    }
  }

  // Output is written in large pieces, but never held back while a response is waited for. A table waits for the
  // responses that come at once, because its columns are as wide as the rows that it knows; it does not wait when the
  // resources are typed at a terminal.
  void flush_before_wait() {
    const bool is_table = context_.layout.format == output::Format::table;
    const bool is_typed = input_.reads_standard_input() && context_.output_is_terminal;
    if (is_table && !is_typed && context_.steady_now() < widths_known_) return;
    if (printer_) printer_->flush();
  }

  const InspectArgs& args_;
  Context& context_;
  Tally tally_;
  ResourceInput input_;
  output::Shape shape_;
  Progress progress_;
  std::chrono::steady_clock::time_point widths_known_;
  std::vector<std::string> columns_;
  std::vector<std::string> fields_;
  std::optional<output::Printer> printer_;
  bool following_ = false;
};

}  // namespace

ExitStatus run(const InspectArgs& args, Context& context) { return Inspection(args, context).run(); }

}  // namespace bookafy::commands
