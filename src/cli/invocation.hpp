/// What the user asked for, as plain data.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "commands/apply.hpp"
#include "commands/bookings.hpp"
#include "commands/check.hpp"
#include "commands/completion.hpp"
#include "commands/create.hpp"
#include "commands/deliveries.hpp"
#include "commands/export.hpp"
#include "commands/inspect.hpp"
#include "commands/invitees.hpp"
#include "commands/list.hpp"
#include "commands/listen.hpp"
#include "commands/login.hpp"
#include "commands/remove.hpp"
#include "commands/replace.hpp"
#include "commands/request.hpp"
#include "commands/sandbox.hpp"
#include "commands/trigger.hpp"
#include "commands/verify.hpp"
#include "commands/whoami.hpp"

namespace bookafy::cli {

/// The options of every command as given; environment and profile come in later.
struct GlobalOptions {
  std::optional<std::string> api_url;
  bool allow_http = false;
  std::optional<std::string> token_file;
  std::optional<std::string> profile;
  std::optional<std::string> output;
  std::vector<std::string> fields;
  std::string color = "auto";
  bool quiet = false;
  bool verbose = false;
  double timeout = 30;          ///< seconds
  double connect_timeout = 10;  ///< seconds
  std::optional<std::string> ca_file;
  int max_retries = 4;
  double max_wait = 120;  ///< seconds
  bool no_input = false;
  bool curl = false;
};

using Command = std::variant<commands::CreateArgs, commands::ListArgs, commands::DeleteArgs, commands::InspectArgs,
                             commands::WhoamiArgs, commands::LoginArgs, commands::LogoutArgs, commands::SandboxArgs,
                             commands::RequestArgs, commands::VerifyArgs, commands::ListenArgs, commands::TriggerArgs,
                             commands::BookingsArgs, commands::DeliveriesArgs, commands::CompletionArgs,
                             commands::CompleteArgs, commands::ReplaceArgs, commands::CheckArgs, commands::ApplyArgs,
                             commands::ExportArgs, commands::InviteesArgs>;

struct Invocation {
  GlobalOptions options;
  Command command;
};

}  // namespace bookafy::cli
