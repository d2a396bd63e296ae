#include "commands/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "commands/owner.hpp"
#include "commands/plan_report.hpp"
#include "commands/subscriptions.hpp"
#include "commands/tally.hpp"
#include "commands/wishes.hpp"

namespace bookafy::commands {
namespace {

// How often a place that others change at the same time is looked at again.
constexpr int most_rounds = 3;

/// What is there of the scopes and owners that the file speaks of; all lists are asked for at once.
std::vector<Subscription> look(const std::vector<NewSubscription>& wished, Context& context) {
  std::set<std::vector<std::string>> asked;
  std::vector<Pages> lists;
  for (const NewSubscription& one : wished)
    if (asked.insert({std::string(to_string(one.scope)), one.organization, one.user, one.group}).second)
      lists.push_back(context.client().list(
          {.scope = one.scope, .organization = one.organization, .user = one.user, .group = one.group}));
  std::vector<Subscription> present;
  for (Pages& list : lists)
    while (auto page = list.next())
      for (Value& row : *page) present.push_back(to_subscription(std::move(row)));
  // Found out before anything is done: one that cannot be named cannot be deleted.
  for (const Subscription& one : present)
    if (!parse_resource_of(ResourceKind::subscription, one.uri))
      throw Error(ErrorKind::server, fmt::format("the server's {} is not the URI of a subscription", one.uri));
  return present;
}

bool is_change(const Step& step) { return step.action != Action::keep; }

/// What takes something away is the user's to allow: why it is not, or nullopt.
std::optional<Error> refusal(const std::vector<Step>& steps, const ApplyArgs& args, const Context& context) {
  const auto count = std::count_if(steps.begin(), steps.end(), is_destructive);
  if (count == 0 || args.yes) return std::nullopt;
  if (!context.ask) {
    Error error(ErrorKind::usage, "the plan replaces or deletes subscriptions, and there is nobody to ask");
    error.hint = "nothing was changed; confirm with --yes";
    return error;
  }
  const std::string answer =
      context.ask(fmt::format("Replace or delete {} subscription{}? [y/N] ", count, count == 1 ? "" : "s"), false);
  if (answer == "y" || answer == "Y" || answer == "yes") return std::nullopt;
  return Error(ErrorKind::internal, "not confirmed; nothing was changed");
}

/// Names the subscription that conflicts, where the list has it.
void explain_conflict(Error& error, const NewSubscription& wished, Context& context) {
  std::optional<Subscription> existing;
  const auto failure = error_of([&] { existing = context.client().find_same_place(wished); });
  error.hint = existing  ? fmt::format("{} has this URL, scope and owner; run this again to replace it", existing->uri)
               : failure ? "another subscription has this URL, scope and owner; run this again"
                         : "the subscription that exists is not in the list: this token may not see it";
}

/// The doing of one plan.
class Application {
 public:
  Application(const ApplyArgs& args, const Wishes& wishes, Context& context)
      : args_(args), wishes_(wishes), context_(context), report_(wishes, context), tally_(context) {}

  ExitStatus run();

 private:
  std::vector<Step> plan_for(const std::vector<std::size_t>& wishes, bool prune);
  ExitStatus leave_all(const std::vector<Step>& steps);
  void create(const std::vector<Step>& steps);
  void replace(const std::vector<Step>& steps);
  void replaced(const Step& step, const Replacement& outcome);
  void settle(const Step& step, const Error& error, const std::string& new_uri);
  void look_again();
  void remove(const std::vector<Step>& steps);
  void conclude();

  const ApplyArgs& args_;
  const Wishes& wishes_;
  Context& context_;
  PlanReport report_;
  Tally tally_;
  int round_ = 1;
  std::vector<Step> conflicts_;  ///< what somebody else was in the way of
  int changed_ = 0;
  int failed_ = 0;
};

std::vector<Step> Application::plan_for(const std::vector<std::size_t>& wishes, bool prune) {
  std::vector<NewSubscription> wished;
  wished.reserve(wishes.size());
  for (const std::size_t index : wishes) wished.push_back(wishes_.subscriptions[index]);
  PlanOptions options{.prune = prune, .only = {}};
  if (!args_.only.empty())
    options.only = [this](std::string_view url) { return url_matches(args_.only, std::string(url)); };
  auto steps = plan(wished, look(wished, context_), options);
  for (Step& step : steps)
    if (step.wish) step.wish = wishes[*step.wish];
  return steps;
}

ExitStatus Application::run() {
  std::vector<std::size_t> all(wishes_.subscriptions.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto steps = plan_for(all, args_.prune);
  report_.show(steps);
  if (!args_.only.empty() && steps.empty()) context_.messages.warning(fmt::format("no URL matches {}", args_.only));
  if (args_.prune && all.empty()) context_.messages.note("the file speaks of no scope, so there is nothing to prune");
  if (args_.dry_run || std::none_of(steps.begin(), steps.end(), is_change)) return leave_all(steps);
  if (const auto refused = refusal(steps, args_, context_)) {
    leave_all(steps);
    throw *refused;
  }
  for (const Step& step : steps)
    if (!is_change(step)) report_.leave(step);
  create(steps);
  replace(steps);
  while (!conflicts_.empty()) look_again();
  remove(steps);
  conclude();
  return tally_.status();
}

ExitStatus Application::leave_all(const std::vector<Step>& steps) {
  for (const Step& step : steps) report_.leave(step);
  report_.finish();
  if (!args_.detailed_exitcode || !args_.dry_run || std::none_of(steps.begin(), steps.end(), is_change)) return 0;
  throw Error(ErrorKind::changes, "there are changes to make: " + count_text(steps));
}

void Application::create(const std::vector<Step>& steps) {
  std::vector<const Step*> creates;
  std::vector<NewSubscription> wished;
  for (const Step& step : steps) {
    if (step.action != Action::create) continue;
    creates.push_back(&step);
    wished.push_back(wishes_.subscriptions[*step.wish]);
  }
  context_.client().create_many(wished, [&](std::size_t i, const CreateOutcome& outcome) {
    if (const Error* error = find_error(outcome)) return settle(*creates[i], *error, "");
    ++changed_;
    tally_.success();
    report_.done(*creates[i], find_subscription(outcome)->uri);
  });
}

void Application::replace(const std::vector<Step>& steps) {
  std::vector<const Step*> replacements;
  std::vector<Exchange> exchanges;
  for (const Step& step : steps) {
    if (step.action != Action::replace) continue;
    replacements.push_back(&step);
    exchanges.push_back({.present = step.present, .wished = wishes_.subscriptions[*step.wish]});
  }
  context_.client().replace_many(
      exchanges, [&](std::size_t i, const Replacement& outcome) { replaced(*replacements[i], outcome); });
}

void Application::replaced(const Step& step, const Replacement& outcome) {
  if (!outcome.error) {
    ++changed_;
    tally_.success();
    return report_.done(step, outcome.made->uri);
  }
  Error error = *outcome.error;
  if (outcome.put_back)
    error.hint = fmt::format("the old one was put back as {}, {}", outcome.put_back->uri,
                             wishes_.key_source(*step.wish).empty() ? "unsigned" : "signed with the key of the file");
  if (!outcome.repair.empty())
    error.hint =
        outcome.removed == Certainty::yes
            ? fmt::format("the old one is gone and could not be put back: run {}, or this again", outcome.repair)
            : "the old one may be gone: run this again";
  settle(step, error, outcome.put_back ? outcome.put_back->uri : "");
}

void Application::settle(const Step& step, const Error& error, const std::string& new_uri) {
  if (error.status == 409 && round_ < most_rounds) return conflicts_.push_back(step);
  Error told = error;
  if (told.status == 409) explain_conflict(told, wishes_.subscriptions[*step.wish], context_);
  told.attempted = fmt::format("cannot {} {}", to_string(step.action), wishes_.subscriptions[*step.wish].url);
  ++failed_;
  tally_.failure(told);
  report_.failed(step, told, new_uri);
}

/// What was in the way can be just what was wished for, made by another run of this command.
void Application::look_again() {
  ++round_;
  const auto conflicts = std::exchange(conflicts_, {});
  context_.messages.note("something changed meanwhile; looking again");
  std::vector<std::size_t> places;
  places.reserve(conflicts.size());
  for (const Step& step : conflicts) places.push_back(step.wish.value());
  std::vector<Step> steps;
  if (const auto failure = error_of([&] { steps = plan_for(places, false); })) {
    for (const Step& step : conflicts) settle(step, *failure, "");
    return;
  }
  std::vector<Step> changes;
  for (const Step& step : steps) {
    if (step.action == Action::keep) {
      report_.leave(step);
      tally_.success();
    } else if (step.action == Action::replace && !args_.yes) {
      // Nobody has seen this one in the plan.
      Error error(ErrorKind::conflict, "a different subscription has appeared meanwhile: " + step.present.front().uri);
      error.hint = "run this again to see what to do about it";
      settle(step, error, "");
    } else {
      changes.push_back(step);
    }
  }
  if (changes.empty()) return;
  report_.show(changes);
  create(changes);
  replace(changes);
}

/// Last, so that whoever gets deliveries by them gets them by the new ones already; and not at all while one of these
/// is missing, which may be the one that was to take over.
void Application::remove(const std::vector<Step>& steps) {
  std::vector<const Step*> removals;
  std::vector<Resource> resources;
  for (const Step& step : steps) {
    if (step.action != Action::remove) continue;
    removals.push_back(&step);
    resources.push_back(*parse_resource_of(ResourceKind::subscription, step.present.front().uri));
  }
  if (failed_ > 0 && !removals.empty()) {
    context_.messages.warning(fmt::format("{} to delete {} left until all else is done", removals.size(),
                                          removals.size() == 1 ? "is" : "are"));
    for (const Step* step : removals) report_.leave(*step);
    return;
  }
  std::size_t i = 0;
  context_.client().remove_many(resources, [&](const Outcome& outcome) {
    const Step& step = *removals[i++];
    if (outcome.not_begun) return report_.leave(step);
    if (outcome.error && outcome.error->kind != ErrorKind::not_found) {
      ++failed_;
      tally_.failure(*outcome.error);
      return report_.failed(step, *outcome.error, "");
    }
    ++changed_;
    tally_.success();
    report_.done(step, "");
  });
}

void Application::conclude() {
  report_.finish();
  if (failed_ > 0)
    context_.messages.note(
        fmt::format("{} done, {} failed; the same command again does what is left", changed_, failed_));
}

}  // namespace

ExitStatus run(const ApplyArgs& args, Context& context) {
  if (context.key_for_curl)
    throw Error(ErrorKind::usage, "--curl cannot show an apply: what it does depends on what is there");
  check_owner(args.owner, std::nullopt);
  const Wishes wishes =
      read_wishes({.file = args.file, .owner = args.owner, .only = args.only, .with_keys = !args.dry_run}, context);
  return Application(args, wishes, context).run();
}

}  // namespace bookafy::commands
