/// Which global options have an effect on which command; the others are refused.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string_view>

namespace bookafy::cli {

/// Groups of global options, as bits. Options in no group apply to every command: they are about what the program says
/// (`--color`, `--quiet`, `--verbose`, `--no-input`), and `--output` also chooses the format of errors.
namespace use {
inline constexpr unsigned api_url = 1;       ///< --api-url
inline constexpr unsigned token_file = 2;    ///< --token-file
inline constexpr unsigned profile = 4;       ///< --profile
inline constexpr unsigned retries = 8;       ///< --max-retries, --max-wait
inline constexpr unsigned timeouts = 16;     ///< --timeout, --connect-timeout
inline constexpr unsigned trust = 32;        ///< --ca-file
inline constexpr unsigned curl = 64;         ///< --curl
inline constexpr unsigned rows = 128;        ///< --fields, and the formats csv, tsv and uri of --output
inline constexpr unsigned allow_http = 256;  ///< --allow-http
inline constexpr unsigned address = api_url | allow_http;
inline constexpr unsigned requests = address | token_file | profile | retries | timeouts | trust;
inline constexpr unsigned everything = requests | curl | rows;
}  // namespace use

/// Groups that a command uses only in a certain case.
struct ConditionalUse {
  unsigned groups;
  std::string_view objection;  ///< what an option of them says otherwise: `requires --sync`
  bool (*holds)(const CLI::App& command);
};

/// The groups of a global option. Throws std::out_of_range for an option that the table of groups does not have.
unsigned groups_of(const CLI::Option& option);

/// Throws Error (usage) when a global option was given that has no effect on the command.
void refuse_unused_options(const CLI::App& app, const CLI::App& command);

}  // namespace bookafy::cli
