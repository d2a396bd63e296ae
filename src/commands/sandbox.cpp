#include "commands/sandbox.hpp"

#include <fmt/format.h>

#include <charconv>
#include <mutex>

#include "sandbox/sandbox.hpp"
#include "system/process.hpp"
#include "system/signals.hpp"

namespace bookafy::commands {
namespace {

constexpr std::string_view default_bind = "127.0.0.1:8025";
constexpr std::string_view any_free_port = "127.0.0.1:0";
/// To one receiver: several subscriptions may lead there, and the slow ones must not hold up the others.
constexpr long most_connections = 256;

void read_bind(std::string_view bind, sandbox::SandboxOptions& options) {
  const auto colon = bind.rfind(':');
  const auto digits = bind.substr(colon == std::string_view::npos ? 0 : colon + 1);
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), options.port);
  const bool whole = problem == std::errc{} && end == digits.data() + digits.size();
  if (!whole || options.port < 0 || options.port > 65535)
    throw Error(ErrorKind::usage, fmt::format("--bind {} is not ADDRESS:PORT", bind));
  if (colon == std::string_view::npos) return;
  options.host = bind.substr(0, colon);
  if (options.host.starts_with('[') && options.host.ends_with(']'))
    options.host = options.host.substr(1, options.host.size() - 2);
}

/// BOOKAFY_API_URL and BOOKAFY_TOKEN for the owner; the other roles' tokens beside them.
system::Environment child_environment(const sandbox::Sandbox& sandbox, const Context& context) {
  system::Environment environment = context.environment;
  environment.set("BOOKAFY_API_URL", sandbox.base_url());
  environment.set("BOOKAFY_TOKEN", std::string(sandbox.tokens().front().text));
  // What would win over these or belongs to another account.
  for (const char* name : {"BOOKAFY_TOKEN_FILE", "BOOKAFY_PROFILE", "BOOKAFY_ORGANIZATION", "BOOKAFY_USER"})
    environment.unset(name);
  return environment;
}

ExitStatus serve(const sandbox::Sandbox& sandbox, std::mutex& saying, Context& context) {
  {
    const std::lock_guard lock(saying);
    context.messages.note(
        fmt::format("sandbox at {}; Ctrl-C ends it. In another shell, paste one of these lines:", sandbox.base_url()));
  }
  for (const sandbox::Token& token : sandbox.tokens())
    context.out.write(
        fmt::format("export BOOKAFY_API_URL={} BOOKAFY_TOKEN={}  # {}\n", sandbox.base_url(), token.text, token.role));
  context.out.flush();
  while (system::pending_signal() == 0) {
    system::wait_for_any({system::signal_descriptor(), sandbox.failure().descriptor()});
    sandbox.failure().rethrow();
  }
  throw http::Interrupted{system::pending_signal(), {}};
}

}  // namespace

ExitStatus run(const SandboxArgs& args, Context& context) {
  sandbox::SandboxOptions options;
  options.data_file = args.data_file;
  options.rate_limit = args.rate_limit;
  options.latency = std::chrono::milliseconds(args.latency);
  options.clock_speed = args.clock_speed;
  options.transport = [&](const system::Wake& wake) {
    return context.new_delivery_transport(wake, {sandbox::connect_limit, sandbox::answer_limit, most_connections});
  };
  std::mutex saying;
  options.complain = [&](const std::string& problem) {
    const std::lock_guard lock(saying);
    context.messages.warning(problem);
  };
  const std::string_view fallback = args.command.empty() ? default_bind : any_free_port;
  read_bind(args.bind.empty() ? fallback : args.bind, options);
  const sandbox::Sandbox sandbox(options);
  if (args.command.empty()) return serve(sandbox, saying, context);
  const ExitStatus status =
      system::run_child(args.command, child_environment(sandbox, context), sandbox.failure().descriptor());
  sandbox.failure().rethrow();
  return status;
}

}  // namespace bookafy::commands
