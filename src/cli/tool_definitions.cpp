#include <array>

#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

void define_sandbox(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::SandboxArgs>(app, target);
  app.add_option("--bind", args->bind, "Where to listen (default: 127.0.0.1:8025; with a command any free port)")
      ->type_name("ADDR:PORT");
  app.add_option("--data", args->data_file, "Keep the data in this file (default: in memory)")->type_name("FILE");
  app.add_option("--rate-limit", args->rate_limit, "Requests a user and minute (default: 500)")
      ->check(whole_number(1, 1'000'000))
      ->type_name("N");
  app.add_option("--latency", args->latency, "Milliseconds added to every answer (default: 0)")
      ->check(whole_number(0, 60'000))
      ->type_name("MS");
  app.add_option("--clock-speed", args->clock_speed,
                 "How many times as fast as ours its clock runs: the day of retries passes in seconds (default: 1)")
      ->check(whole_number(1, 1'000'000))
      ->type_name("N");
  app.add_option("command", args->command, "Run this command inside, and end with its status; goes after --")
      ->type_name("COMMAND");
}

void define_api(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::RequestArgs>(app, target);
  app.add_option("request", args->words, "A method (default: GET, or POST with a body) and a path")
      ->required()
      ->type_name("[METHOD] PATH");
  app.add_option("-F,--field", args->fields, "key=value: a member of the body, or with GET of the query; repeat it")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  app.add_option("--input", args->input, "File with the body, - is standard input")->type_name("FILE");
}

void define_completion(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::CompletionArgs>(app, target);
  app.add_option("shell", args->shell, "bash, zsh or fish")
      ->required()
      ->check(one_of({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
}

std::string sandbox_notes() {
  return "Deliveries:\n"
         "  Every active subscription that covers what happens gets a signed delivery. A receiver has 10 s\n"
         "  to be connected and 15 s in all to answer 2xx; anything else, redirects too, is a failure. It is\n"
         "  tried again after 1, 2, 4, 8, 16, 32, 64 and 128 minutes, then every 4 hours, and a last time\n"
         "  24 hours after the first failure; a subscription that had no success for so long is disabled.\n"
         "  All that is time of the sandbox's clock; signatures, the deliveries' created_at and rate limits\n"
         "  keep to the real one.\n"
         "\n"
         "Beside the API (bookafy trigger book, cancel, reschedule, no-show and submit-form use them):\n"
         "  POST /sandbox/bookings                  {\"host\"?, \"start_time\"?, \"name\"?, \"email\"?}\n"
         "  POST /sandbox/cancellations             {\"invitee\", \"reason\"?}\n"
         "  POST /sandbox/reschedulings             {\"invitee\", \"start_time\"?, \"reason\"?}\n"
         "  POST /sandbox/no_shows                  {\"invitee\"}\n"
         "  POST /sandbox/routing_form_submissions  {\"form\"?}\n"
         "  GET  /sandbox/deliveries                the log: every attempt, its outcome, when the next one is due;\n"
         "                                          state, event and subscription narrow it\n"
         "  GET  /sandbox/deliveries/ID             one of them, with what is sent\n";
}

constexpr std::array tool_table{
    Definition{"Tools", "sandbox", "Run the API on this machine, to try things out and to test",
               "bookafy sandbox\nbookafy sandbox -- sh -c 'bookafy whoami && bookafy list'\n"
               "bookafy sandbox --clock-speed 10000",
               define_sandbox, sandbox_notes, 0},
    Definition{"Tools", "api", "Send any request to the API",
               "bookafy api users/me\nbookafy api GET /scheduled_events -F user=URI -F count=5", define_api},
    Definition{"Tools", "completion", "Print the completion script of a shell",
               "source <(bookafy completion bash)\nbookafy completion fish > ~/.config/fish/completions/bookafy.fish",
               define_completion, nullptr, 0},
};

}  // namespace

std::span<const Definition> tool_definitions() { return tool_table; }

}  // namespace bookafy::cli
