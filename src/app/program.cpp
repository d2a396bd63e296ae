#include "app/program.hpp"

#include <exception>
#include <optional>

#include "app/session.hpp"
#include "app/settings.hpp"
#include "cli/parser.hpp"
#include "system/file.hpp"
#include "system/terminal.hpp"

namespace bookafy::app {
namespace {

using commands::ExitStatus;

/// The format that errors are told in, before anything else is known.
output::Format error_format(std::optional<std::string> name, const system::Environment& environment) {
  if (!name) name = environment.get("BOOKAFY_OUTPUT");
  return name ? output::parse_format(*name).value_or(output::Format::table) : output::Format::table;
}

/// With --curl the command lines are all that standard output carries.
class Discard final : public output::Writer {
 public:
  void write(std::string_view) override {}
  void flush() override {}
  bool closed() const override { return false; }
};

/// A person can be asked: there is a terminal to ask at, and neither --no-input nor a CI job forbids it.
bool may_ask(const cli::GlobalOptions& options, const Process& process) {
  return process.input_is_terminal && process.errors_are_terminal && !options.no_input &&
         !process.environment.get("CI");
}

std::string ask(Process& process, const std::string& question, bool hidden) {
  process.out.flush();
  if (!hidden) process.err.write(question);
  process.err.flush();
  if (hidden) return process.in.hidden_line(question, system::longest_secret);
  return system::without_paste_markers(process.in.line().value_or(""));
}

ExitStatus run_command(const cli::Invocation& invocation, Process& process, output::Messages& messages) {
  const cli::GlobalOptions& options = invocation.options;
  Session session(options, process.environment, process.in, messages, process.out, process.transport,
                  process.surroundings,
                  std::holds_alternative<commands::LoginArgs>(invocation.command) ||
                          std::holds_alternative<commands::LogoutArgs>(invocation.command)
                      ? ProfileUse::maybe_new
                      : ProfileUse::existing);
  Discard discard;
  commands::Context context{
      .out = options.curl ? static_cast<output::Writer&>(discard) : process.out,
      .messages = messages,
      .in = process.in,
      .environment = process.environment,
      .layout = resolve_layout(options, process.environment, process.output_is_terminal, process.width),
      .errors_are_terminal = process.errors_are_terminal,
      .input_is_terminal = process.input_is_terminal,
      .key_for_curl = {},
      .default_owner = [&] { return session.default_owner(); },
      .api_url = [&]() -> const std::string& { return session.api_url(); },
      .token_source = [&] { return session.token().source; },
      .now = process.surroundings.wall_now,
      .output_is_terminal = process.output_is_terminal,
      .client = [&]() -> Client& { return session.client(); },
      .client_for = [&](const Secret& token, const std::string& api_url) -> Client& {
        return session.client_for(token, api_url);
      },
      .ask = {},
      .profile = session.profile_name(),
      .delivery_transport = [&]() -> http::Transport& { return session.delivery_transport(); },
      .new_transport = [&] { return session.new_transport(); },
      .new_delivery_transport =
          [&](const system::Wake& wake, const commands::TransportLimits& limits) {
            return session.new_delivery_transport(wake, limits);
          },
      .client_over = [&](http::Transport& transport) { return Client(transport, session.client_options()); },
      .steady_now = process.surroundings.steady_now,
  };
  if (options.curl) context.key_for_curl = Secret(net::CurlLines::signing_key);
  if (may_ask(options, process))
    context.ask = [&](const std::string& question, bool hidden) { return ask(process, question, hidden); };
  const auto status = std::visit([&](const auto& args) { return commands::run(args, context); }, invocation.command);
  session.finish();
  return status;
}

/// The one place where failures end: each is reported and becomes a status.
template <typename Work>
ExitStatus guarded(output::Messages& messages, const Work& work) {
  auto report = [&](const Error& error) {
    messages.error(error);
    return exit_code(error.kind);
  };
  try {
    return work();
  } catch (const Error& error) {
    return report(error);
  } catch (const http::Interrupted& interrupted) {
    if (!interrupted.account.empty()) messages.warning("interrupted: " + interrupted.account);
    return 128 + interrupted.signal;
  } catch (const std::exception& error) {
    return report(Error(ErrorKind::internal, error.what()));
  }
}

}  // namespace

ExitStatus run(std::vector<std::string> arguments, Process process) {
  const cli::Requested requested = cli::requested_of(arguments);
  const output::Format format = error_format(requested.format, process.environment);
  auto messages_for = [&](const cli::GlobalOptions& options) {
    const bool color = resolve_color(options.color, process.environment, process.errors_are_terminal);
    output::Messages messages(process.err, options.quiet || options.curl, color, format);
    if (process.errors_are_terminal) messages.show_status();
    if (process.environment.get("GITHUB_ACTIONS") == "true") messages.annotate();
    return messages;
  };
  cli::GlobalOptions before_parsing;
  before_parsing.color = requested.color.value_or(before_parsing.color);
  output::Messages messages = messages_for(before_parsing);
  std::optional<cli::Invocation> invocation;
  ExitStatus status = guarded(messages, [&] {
    auto parsed = cli::parse(std::move(arguments));
    if (const auto* text = std::get_if<cli::Text>(&parsed))
      process.out.write(text->text);
    else
      invocation = std::get<cli::Invocation>(std::move(parsed));
    return 0;
  });
  if (invocation) {
    output::Messages of_command = messages_for(invocation->options);
    status = guarded(of_command, [&] { return run_command(*invocation, process, of_command); });
  }
  // Also after a failure: what was done and printed stays true.
  const ExitStatus flushed = guarded(messages, [&] {
    process.out.flush();
    return 0;
  });
  return status != 0 ? status : flushed;
}

}  // namespace bookafy::app
