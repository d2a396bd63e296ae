#include "cli/definition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "bookafy/event.hpp"
#include "output/format.hpp"

namespace bookafy::cli {

// The help names ranges in words; a description here would be added to every type name.
CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  auto check = [least, most](const std::string& text) -> std::string {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem == std::errc{} && end == text.data() + text.size() && number >= least && number <= most) return "";
    return fmt::format("use a whole number from {} to {}{}{}", least, most, value_mark, text);
  };
  return CLI::Validator(check, "");
}

CLI::Validator seconds(double least) {
  auto check = [least](const std::string& text) -> std::string {
    constexpr int day = 86'400;
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (end == text.c_str() + text.size() && number >= least && number <= day) return "";
    return fmt::format("use a number of seconds from {} to {}{}{}", least, day, value_mark, text);
  };
  return CLI::Validator(check, "");
}

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string name = fmt::format("{}", fmt::join(words, ","));
  auto check = [words = std::move(words)](const std::string& text) -> std::string {
    if (std::find(words.begin(), words.end(), text) != words.end()) return "";
    return fmt::format("use {}{}{}{}", fmt::join(words, ", "), did_you_mean(text, words), value_mark, text);
  };
  return CLI::Validator(check, "", name);
}

std::vector<std::string> choices_of(CLI::Option& option) {
  // What the validator is called; CLI11 throws for an option that has none.
  std::string names;
  try {
    names = option.get_validator(0)->get_name();
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
  return names.empty() ? std::vector<std::string>() : CLI::detail::split(names, ',');
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string meant = nearest(word, candidates);
  return meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
}

std::vector<std::string> scope_names() {
  std::vector<std::string> names;
  names.reserve(all_scopes.size());
  for (const Scope scope : all_scopes) names.emplace_back(to_string(scope));
  return names;
}

void add_owner_options(CLI::App& app, commands::Owner& owner) {
  app.add_option("--organization", owner.organization, "Organization, a URI or id (default: the token's)")
      ->type_name("ORG");
  app.add_option("--user", owner.user, "User, a URI or id (default: the token's)")->type_name("USER");
  app.add_option("--group", owner.group, "Group, a URI or id")->type_name("GROUP");
}

void add_jobs_option(CLI::App& app, int& jobs) {
  app.add_option("--jobs", jobs, "Requests in flight at most")->check(whole_number(1, 1000))->type_name("N");
}

std::span<const Definition> definitions() {
  static const std::vector<Definition> all = [] {
    std::vector<Definition> rows;
    for (const auto& part : {subscription_definitions(), provisioning_definitions(), lookup_definitions(),
                             delivery_definitions(), account_definitions(), tool_definitions()})
      rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }();
  return all;
}

namespace {

void define_global_options(CLI::App& app, GlobalOptions& options) {
  const std::vector<std::string> formats(output::format_names.begin(), output::format_names.end());
  app.add_option("--api-url", options.api_url, "The API (BOOKAFY_API_URL; default: https://api.bookafy.com)")
      ->type_name("URL");
  app.add_flag("--allow-http", options.allow_http,
               "Allow plain http to other machines: the token is readable on the way");
  app.add_option("--token-file", options.token_file,
                 "File with the access token, - is standard input (BOOKAFY_TOKEN_FILE, BOOKAFY_TOKEN)")
      ->type_name("FILE");
  app.add_option("--profile", options.profile, "Stored login (BOOKAFY_PROFILE; default: default)")
      ->type_name("PROFILE");
  app.add_option("-o,--output", options.output, "table, json, jsonl, csv, tsv or uri (BOOKAFY_OUTPUT; default: table)")
      ->check(one_of(formats))
      ->type_name("FORMAT");
  app.add_option("--fields", options.fields, "Only these fields: dotted paths joined by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Validator([](const std::string& name) { return name.empty() ? "a field has no name" : ""; }, ""))
      ->type_name("A,B");
  app.add_option("--color", options.color, "auto, always or never (NO_COLOR, CLICOLOR_FORCE)")
      ->check(one_of({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", options.quiet, "Only results and errors");
  app.add_flag("-v,--verbose", options.verbose, "Show requests and answers on standard error, secrets masked");
  app.add_option("--timeout", options.timeout, "Seconds a request may take (default: 30)")
      ->check(seconds(0.001))
      ->type_name("S");
  app.add_option("--connect-timeout", options.connect_timeout, "Seconds for connecting (default: 10)")
      ->check(seconds(0.001))
      ->type_name("S");
  app.add_option("--ca-file", options.ca_file, "Trust these CA certificates and no others (BOOKAFY_CA_FILE)")
      ->type_name("FILE");
  app.add_option("--max-retries", options.max_retries,
                 "Further tries after a failure that is safe to retry (default: 4)")
      ->check(whole_number(0, 100))
      ->type_name("N");
  app.add_option("--max-wait", options.max_wait, "Longest single wait for a rate limit in seconds (default: 120)")
      ->check(seconds(0))
      ->type_name("S");
  app.add_flag("--no-input", options.no_input, "Never ask (also when CI is set)");
  app.add_flag("--curl", options.curl, "Print the curl command lines that would do the same, and send nothing");
}

}  // namespace

void declare(CLI::App& app, Invocation& invocation, const std::function<bool(std::string_view)>& is_wanted) {
  app.set_help_flag("-h,--help", "Show help");
  app.set_version_flag("--version", std::string("bookafy ") + BOOKAFY_VERSION, "Show the version");
  app.fallthrough();
  app.require_subcommand(0, 1);  // a second command's name is an argument of the first
  define_global_options(app, invocation.options);
  for (const Definition& command : definitions()) {
    if (!is_wanted(command.name)) continue;
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    command.define(*sub, invocation.command);
  }
}

}  // namespace bookafy::cli
