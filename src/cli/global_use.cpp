#include "cli/global_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/arguments.hpp"
#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

/// `--output` asks for rows with these values only: the others also format errors.
bool asks_for_rows(const CLI::Option& option) {
  const auto& values = option.results();
  return std::any_of(values.begin(), values.end(),
                     [](const std::string& value) { return value == "csv" || value == "tsv" || value == "uri"; });
}

/// Empty when the command uses the option.
std::string objection(const Definition& definition, const CLI::App& command, const CLI::Option& option) {
  const unsigned groups = groups_of(option);
  if ((groups & ~definition.uses) == 0) return {};
  const bool is_output = option.check_lname("output");
  if (is_output && !asks_for_rows(option)) return {};
  const std::string name =
      is_output ? fmt::format("{} {}", option.get_name(), option.results().front()) : option.get_name();
  for (const ConditionalUse& conditional : definition.conditional_uses) {
    if ((groups & ~conditional.groups) != 0) continue;
    return conditional.holds(command) ? "" : fmt::format("{} {}", name, conditional.objection);
  }
  return fmt::format("{} has no effect on {}", name, definition.name);
}

}  // namespace

unsigned groups_of(const CLI::Option& option) {
  static const std::map<std::string, unsigned> groups{
      {"api-url", use::api_url},
      {"allow-http", use::allow_http},
      {"token-file", use::token_file},
      {"profile", use::profile},
      {"max-retries", use::retries},
      {"max-wait", use::retries},
      {"timeout", use::timeouts},
      {"connect-timeout", use::timeouts},
      {"ca-file", use::trust},
      {"curl", use::curl},
      {"fields", use::rows},
      {"no-header", use::rows},
      {"output", use::rows},
      {"color", 0},
      {"quiet", 0},
      {"verbose", 0},
      {"no-input", 0},
      {"version", 0},
      {"help", 0},
  };
  return groups.at(option.get_lnames().front());
}

void refuse_unused_options(const CLI::App& app, const CLI::App& command) {
  const auto all = definitions();
  const auto definition =
      std::find_if(all.begin(), all.end(), [&](const Definition& one) { return one.name == command.get_name(); });
  for (const CLI::Option* option : app.get_options([](const CLI::Option* one) { return one->count() > 0; }))
    if (const auto text = objection(*definition, command, *option); !text.empty()) fail_usage(command.get_name(), text);
}

}  // namespace bookafy::cli
