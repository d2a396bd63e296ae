#include "commands/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "bookafy/health.hpp"
#include "commands/owner.hpp"
#include "commands/subscriptions.hpp"
#include "commands/tally.hpp"
#include "output/printer.hpp"
#include "profile/profile.hpp"

namespace bookafy::commands {
namespace {

// Soon at first, for a deployment that waits, and then seldom enough for the rate limit.
constexpr std::chrono::milliseconds first_interval{1000};
constexpr std::chrono::milliseconds longest_interval{5000};

std::string finding_count(std::size_t count) { return fmt::format("{} finding{}", count, count == 1 ? "" : "s"); }

std::string duration_text(std::chrono::seconds duration) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(duration).count();
  return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

std::string detail(const Finding& finding) {
  const std::string& uri = finding.subscription.uri;
  switch (finding.ailment) {
    case Ailment::disabled:
      return fmt::format("disabled; re-enable with: bookafy replace {} --signing-key-file FILE",
                         uri.substr(uri.rfind('/') + 1));
    case Ailment::failing:
      if (!finding.left) return "deliveries fail";
      return fmt::format("deliveries have failed for {}; {} left until it is disabled",
                         duration_text(std::chrono::seconds(failing_limit) - *finding.left),
                         duration_text(*finding.left));
    case Ailment::overlap:
      return fmt::format("{} of the same people also to that host by {}", fmt::join(finding.events, ", "),
                         finding.other);
  }
  return {};
}

Value row(const Finding& finding, const std::string& profile) {
  auto or_null = [](const std::string& text) { return text.empty() ? Value() : Value(text); };
  Value row;
  if (!profile.empty()) row.set("profile", profile);
  row.set("finding", to_string(finding.ailment));
  row.set("uri", finding.subscription.uri);
  row.set("callback_url", finding.subscription.callback_url);
  row.set("scope", finding.subscription.scope);
  row.set("since", or_null(finding.since));
  row.set("seconds_left", finding.left ? Value(std::int64_t{finding.left->count()}) : Value());
  row.set("other", or_null(finding.other));
  row.set("events", Value::Array(finding.events.begin(), finding.events.end()));
  row.set("detail", detail(finding));
  return row;
}

/// What one look at one or all accounts found.
struct Look {
  Value::Array rows{};
  std::size_t accounts = 0;
  std::size_t subscriptions = 0;
  std::vector<Error> failures{};
};

void look_at(const CheckArgs& args, const std::string& profile, Context& context, Look& look) {
  Subscriptions list({.scope = args.scope, .owner = args.owner}, context);
  std::vector<Subscription> subscriptions;
  while (auto one = list.next()) subscriptions.push_back(to_subscription(std::move(*one)));
  for (const Finding& finding : find_ailments(subscriptions, context.client().server_time()))
    look.rows.push_back(row(finding, profile));
  ++look.accounts;
  look.subscriptions += subscriptions.size();
}

Look look_at_profiles(const CheckArgs& args, Context& context) {
  const profile::Profiles profiles(context.environment);
  const auto names = profiles.names();
  if (names.empty()) {
    Error error(ErrorKind::usage, "there are no profiles");
    error.hint = "bookafy login stores one";
    throw error;
  }
  Look look;
  for (const std::string& name : names) {
    auto failure = error_of([&] {
      const auto stored = profiles.load(name);
      if (!stored) return;  // logged out since
      const profile::Profile& profile = *stored;
      Context of_profile = context;
      context.messages.add_secret(profile.token);
      Client& client = context.client_for(profile.token, profile.api_url);
      of_profile.client = [&]() -> Client& { return client; };
      of_profile.api_url = [&]() -> const std::string& { return profile.api_url; };
      of_profile.default_owner = [&] { return Owner{.organization = profile.organization, .user = profile.user}; };
      look_at(args, name, of_profile, look);
    });
    if (!failure) continue;
    failure->attempted =
        fmt::format("profile {}{}{}", name, failure->attempted.empty() ? "" : ": ", failure->attempted);
    look.failures.push_back(std::move(*failure));
  }
  return look;
}

Look look_once(const CheckArgs& args, Context& context) {
  if (args.all_profiles) return look_at_profiles(args, context);
  Look look;
  look_at(args, "", context, look);
  return look;
}

/// Looks again while there is time and something is found.
Look look_until_healthy(const CheckArgs& args, Context& context) {
  const auto until = context.steady_now() + args.wait;
  Look look = look_once(args, context);
  std::size_t told = 0;
  auto interval = first_interval;
  for (auto now = context.steady_now(); !look.rows.empty() && now < until; now = context.steady_now()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now);
    if (std::exchange(told, look.rows.size()) != look.rows.size())
      context.messages.note(fmt::format("{}; looking again for {} s", finding_count(told),
                                        std::chrono::ceil<std::chrono::seconds>(left).count()));
    context.client().pause(std::min(interval, left));
    interval = std::min(2 * interval, longest_interval);
    look = look_once(args, context);
  }
  return look;
}

}  // namespace

ExitStatus run(const CheckArgs& args, Context& context) {
  check_owner(args.owner, args.scope);
  CheckArgs resolved = args;
  // Once for all looks.
  if (!args.all_profiles) resolved.owner = find_owner(args.owner, args.scope, context);
  const Look look = look_until_healthy(resolved, context);

  std::vector<std::string> columns{"finding", "uri", "callback_url", "since", "detail"};
  if (args.all_profiles) columns.insert(columns.begin(), "profile");
  output::Printer printer(context.out, context.layout, columns, output::Shape::many);
  for (const Value& one : look.rows) printer.print(one);
  printer.finish();
  Tally tally(context);
  for (const Error& failure : look.failures) tally.failure(failure);
  if (!look.rows.empty())
    throw Error(ErrorKind::unhealthy,
                fmt::format("{} in {} subscriptions", finding_count(look.rows.size()), look.subscriptions));
  if (look.accounts > 0) tally.success();
  if (look.failures.empty()) context.messages.note(fmt::format("healthy: {} subscriptions", look.subscriptions));
  return tally.status();
}

}  // namespace bookafy::commands
