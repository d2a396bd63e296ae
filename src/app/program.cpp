#include "app/program.hpp"

#include <exception>

#include "app/session.hpp"
#include "cli/parser.hpp"

namespace bookafy::app {
namespace {

using commands::ExitStatus;

/// The format that errors are told in, before anything else is known.
output::Format error_format(const std::vector<std::string>& arguments, const system::Environment& environment) {
  auto name = cli::requested_format(arguments);
  if (!name) name = environment.get("BOOKAFY_OUTPUT");
  return name ? output::parse_format(*name).value_or(output::Format::table) : output::Format::table;
}

ExitStatus run_command(const cli::Invocation& invocation, Process& process, output::Messages& messages) {
  Session session(invocation.options, process.environment, process.in, messages);
  commands::Context context{
      .out = process.out,
      .messages = messages,
      .in = process.in,
      .environment = process.environment,
      .layout = resolve_layout(invocation.options, process.environment, process.output_is_terminal, process.width),
      .organization = process.environment.get("BOOKAFY_ORGANIZATION").value_or(""),
      .user = process.environment.get("BOOKAFY_USER").value_or(""),
      .api_url = [&]() -> const std::string& { return session.api_url(); },
      .token_source = [&] { return session.token().source; },
      .now = Surroundings().wall_now,
      .output_is_terminal = process.output_is_terminal,
      .client = [&]() -> Client& { return session.client(); },
  };
  return std::visit([&](const auto& args) { return commands::run(args, context); }, invocation.command);
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
  const output::Format format = error_format(arguments, process.environment);
  const bool color = process.errors_are_terminal && !process.environment.get("NO_COLOR");
  output::Messages messages(process.err, false, color, format);
  const ExitStatus status = guarded(messages, [&] {
    const auto parsed = cli::parse(std::move(arguments));
    if (const auto* text = std::get_if<cli::Text>(&parsed)) {
      process.out.write(text->text);
      return 0;
    }
    const auto& invocation = std::get<cli::Invocation>(parsed);
    messages.set_quiet(invocation.options.quiet);
    return run_command(invocation, process, messages);
  });
  // Also after a failure: what was done and printed stays true.
  const ExitStatus flushed = guarded(messages, [&] {
    process.out.flush();
    return 0;
  });
  return status != 0 ? status : flushed;
}

}  // namespace bookafy::app
