#include <array>

#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

void define_invitees(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::InviteesArgs>(app, target);
  app.add_option("--email", args->emails, "Only this person's bookings; may be repeated")
      ->allow_extra_args(false)
      ->type_name("ADDRESS");
  app.add_option("--from", args->from,
                 "Only meetings that start at this time or later (default: now; with --email or --meeting: any time)")
      ->type_name("TIME");
  app.add_option("--to", args->to, "Only meetings that start before this time")->type_name("TIME");
  app.add_option("--status", args->status, "Only active or canceled invitees")
      ->check(one_of({"active", "canceled"}))
      ->type_name("STATUS");
  app.add_option("--meeting", args->meeting, "Only invitees of this scheduled event, a URI or id")
      ->type_name("MEETING");
  app.add_option("--organization", args->owner.organization, "Organization, a URI or id (default: the token's)")
      ->type_name("ORG");
  app.add_option("--user", args->owner.user, "Only meetings of this host, a URI or id")->type_name("USER");
  app.add_option("--group", args->owner.group, "Only meetings of this group, a URI or id")->type_name("GROUP");
  app.add_option("--limit", args->limit, "Maximum number of results")
      ->check(whole_number(1, 1'000'000'000))
      ->type_name("N");
  app.add_option("--sort", args->sort,
                 "start_time:asc or start_time:desc (default: start_time:asc; several addresses in the order given)")
      ->check(one_of({"start_time:asc", "start_time:desc"}))
      ->type_name("ORDER");
  add_jobs_option(app, args->jobs);
}

constexpr std::array lookup_table{
    Definition{"Lookups", "invitees", "List who booked, by e-mail address, time, host or status",
               "bookafy invitees --to +7d\n"
               "bookafy invitees --email ana.petrova@example.org\n"
               "bookafy invitees --from yesterday --to now --status canceled --fields name,email,cancellation.reason",
               define_invitees},
};

}  // namespace

std::span<const Definition> lookup_definitions() { return lookup_table; }

}  // namespace bookafy::cli
