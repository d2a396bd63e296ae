#include "commands/plan_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "output/text.hpp"

namespace bookafy::commands {
namespace {

// GitHub shows no summary of more than 1 MiB.
constexpr std::size_t most_summary_rows = 1000;

struct Mark {
  char sign;
  std::string_view color;
  std::string_view done;
};

Mark mark_of(Action action) {
  switch (action) {
    case Action::create: return {'+', "\x1b[32m", "created"};
    case Action::replace: return {'~', "\x1b[33m", "replaced"};
    case Action::keep: return {'=', "\x1b[2m", "kept"};
    case Action::remove: return {'-', "\x1b[31m", "deleted"};
  }
  return {};
}

std::string id_of(std::string_view uri) { return std::string(uri.substr(uri.find_last_of('/') + 1)); }

/// A text as the inside of a cell of a Markdown table: no markup, no HTML, no end of the cell.
std::string markdown_cell(std::string_view text) {
  std::string cell;
  for (const char c : output::printable(text)) {
    if (c == '&' || c == '<' || c == '>' || std::string_view("\\`*_{}[]()#+!|~@:").find(c) != std::string_view::npos)
      cell += fmt::format("&#{};", static_cast<int>(c));
    else
      cell += c;
  }
  return cell;
}

}  // namespace

bool is_destructive(const Step& step) { return step.action == Action::replace || step.action == Action::remove; }

std::string count_text(const std::vector<Step>& steps) {
  auto count = [&](Action action) {
    return std::count_if(steps.begin(), steps.end(), [&](const Step& step) { return step.action == action; });
  };
  return fmt::format("{} to create, {} to replace, {} to keep, {} to delete", count(Action::create),
                     count(Action::replace), count(Action::keep), count(Action::remove));
}

PlanReport::PlanReport(const Wishes& wishes, Context& context) : wishes_(wishes), context_(context) {
  if (for_people()) return;
  printer_.emplace(context.out, context.layout,
                   std::vector<std::string>{"action", "callback_url", "scope", "events", "uri", "reason", "result"},
                   output::Shape::many);
}

void PlanReport::show(const std::vector<Step>& steps) {
  if (for_people()) {
    for (const Step& step : steps) {
      const std::string text = line(step);
      const std::string_view color = mark_of(step.action).color;
      context_.out.write(context_.layout.color ? fmt::format("{}{}\x1b[0m\n", color, text) : text + "\n");
    }
    context_.out.write(count_text(steps) + "\n");
    context_.out.flush();
  } else {
    // Never silently: what takes something away is told before it is done in every format.
    for (const Step& step : steps)
      if (is_destructive(step)) context_.messages.note(line(step));
    context_.messages.note(count_text(steps));
  }
  summarize(steps);
}

/// Why, and what becomes of the signing key: the part that cannot be taken back.
std::string PlanReport::detail(const Step& step) const {
  if (!step.wish) return fmt::format("{}; {}", id_of(step.present.front().uri), step.reason);
  const std::string key = wishes_.key_source(*step.wish);
  if (step.action == Action::keep) return id_of(step.present.front().uri);
  if (step.action == Action::create) return key.empty() ? "" : "signed with the key of " + key;
  return step.reason + (key.empty() ? "; unsigned from now on: a signing key it may have cannot be read back"
                                    : "; signed with the key of " + key);
}

/// There is one organization and one user, but many a group.
std::string PlanReport::whose(const Step& step) const {
  const Value cells = row(step, "");
  const std::string group = cells.text_at("group");
  return group.empty() ? cells.text_at("scope") : fmt::format("{} {}", cells.text_at("scope"), id_of(group));
}

std::string PlanReport::line(const Step& step) const {
  const bool is_wish = step.wish.has_value();
  const std::string url = is_wish ? wishes_.subscriptions[*step.wish].url : step.present.front().callback_url;
  const auto& events = is_wish ? wishes_.subscriptions[*step.wish].events : step.present.front().events;
  const std::string text = fmt::format("{} {:<8} {}  {}  {}", mark_of(step.action).sign, to_string(step.action), url,
                                       whose(step), fmt::join(events, ","));
  const std::string more = detail(step);
  return output::printable(context_.messages.masked(more.empty() ? text : fmt::format("{}  ({})", text, more)));
}

Value PlanReport::row(const Step& step, std::string_view result) const {
  NewSubscription wished;
  if (step.wish) wished = wishes_.subscriptions[*step.wish];
  const bool is_there = !step.present.empty();
  const Subscription there = is_there ? step.present.front() : Subscription{};
  auto pick = [&](const std::string& mine, const std::string& theirs) {
    const std::string& text = step.wish ? mine : theirs;
    return text.empty() ? Value() : Value(text);
  };
  const auto& events = step.wish ? wished.events : there.events;
  const std::string key = step.wish ? wishes_.key_source(*step.wish) : "";
  Value row;
  row.set("action", to_string(step.action));
  row.set("callback_url", pick(wished.url, there.callback_url));
  row.set("scope", step.wish ? Value(to_string(wished.scope)) : Value(there.scope));
  row.set("organization", pick(wished.organization, there.organization));
  row.set("user", pick(wished.user, there.user));
  row.set("group", pick(wished.group, there.group));
  row.set("events", Value::Array(events.begin(), events.end()));
  row.set("signing_key", key.empty() ? Value() : Value(key));
  row.set("uri", is_there ? Value(there.uri) : Value());
  row.set("reason", step.reason.empty() ? Value() : Value(step.reason));
  row.set("result", result);
  return row;
}

void PlanReport::leave(const Step& step) {
  if (printer_) printer_->print(row(step, step.action == Action::keep ? "kept" : "planned"));
}

void PlanReport::done(const Step& step, const std::string& new_uri) {
  const std::string_view word = mark_of(step.action).done;
  if (printer_) {
    Value settled = row(step, word);
    if (!new_uri.empty()) settled.set("new_uri", new_uri);
    printer_->print(settled);
    printer_->flush();
    return;
  }
  const std::string old_uri = step.present.empty() ? "" : step.present.front().uri;
  const std::string url = step.wish ? wishes_.subscriptions[*step.wish].url : step.present.front().callback_url;
  context_.out.write(output::printable(fmt::format("{} {}  {}", word, url, new_uri.empty() ? old_uri : new_uri)) +
                     "\n");
  context_.out.flush();
}

void PlanReport::failed(const Step& step, const Error& error, const std::string& new_uri) {
  if (!printer_) return;
  Value settled = row(step, "failed");
  settled.set("error", context_.messages.masked(error.message));
  if (!new_uri.empty()) settled.set("new_uri", new_uri);
  printer_->print(settled);
  printer_->flush();
}

void PlanReport::finish() {
  if (printer_) printer_->finish();
}

void PlanReport::summarize(const std::vector<Step>& steps) {
  const auto file = context_.environment.get("GITHUB_STEP_SUMMARY");
  if (!file || context_.environment.get("GITHUB_ACTIONS") != "true") return;
  std::ofstream summary(*file, std::ios::app);
  summary << "### bookafy apply\n\n" << count_text(steps) << "\n\n";
  if (!steps.empty()) summary << "| | URL | scope | events | |\n|---|---|---|---|---|\n";
  auto cell = [this](std::string_view text) { return markdown_cell(context_.messages.masked(text)); };
  std::size_t left = most_summary_rows;
  for (const Step& step : steps) {
    // Many are likely to be kept, and they are what nobody has to look at.
    if (step.action == Action::keep && steps.size() > most_summary_rows) continue;
    if (left-- == 0) {
      summary << "\nThe rest is in the log.\n";
      break;
    }
    const auto& events = step.wish ? wishes_.subscriptions[*step.wish].events : step.present.front().events;
    summary << fmt::format("| {} {} | {} | {} | {} | {} |\n", markdown_cell(std::string(1, mark_of(step.action).sign)),
                           to_string(step.action), cell(row(step, "").text_at("callback_url")), cell(whose(step)),
                           cell(fmt::format("{}", fmt::join(events, ", "))), cell(detail(step)));
  }
  summary << "\n";
  if (!summary.flush()) context_.messages.warning(fmt::format("the job summary {} cannot be written", *file));
}

}  // namespace bookafy::commands
