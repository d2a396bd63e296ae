#include "cli/definition.hpp"

#include <cmath>
#include <cstdlib>

#include "output/format.hpp"

namespace bookafy::cli {
namespace {

/// A number of seconds. CLI::Range only compares, and so lets "nan" through.
CLI::Validator seconds(double least) {
  const CLI::Range range(least, 86'400.0);
  auto check = [range](std::string& text) {
    return std::isnan(std::strtod(text.c_str(), nullptr)) ? text + " is not a number of seconds" : range(text);
  };
  return CLI::Validator(check, "");
}

}  // namespace

std::vector<std::string> scope_names() {
  std::vector<std::string> names;
  for (const Scope scope : all_scopes) names.emplace_back(to_string(scope));
  return names;
}

void add_owner_options(CLI::App& app, commands::Owner& owner) {
  app.add_option("--organization", owner.organization, "Organization, a URI or id (default: the token's)")
      ->type_name("ORG");
  app.add_option("--user", owner.user, "User, a URI or id (default: the token's)")->type_name("USER");
  app.add_option("--group", owner.group, "Group, a URI or id")->type_name("GROUP");
}

std::span<const Definition> definitions() {
  static const std::vector<Definition> all = [] {
    std::vector<Definition> rows;
    for (const auto& part :
         {subscription_definitions(), delivery_definitions(), account_definitions(), tool_definitions()})
      rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }();
  return all;
}

void define_global_options(CLI::App& app, GlobalOptions& options) {
  const std::vector<std::string> formats(output::format_names.begin(), output::format_names.end());
  app.add_option("--api-url", options.api_url, "The API (BOOKAFY_API_URL; default: https://api.bookafy.com)")
      ->type_name("URL");
  app.add_flag("--allow-http", options.allow_http,
               "Allow plain http to other machines: the token is readable on the way");
  app.add_option("--token-file", options.token_file,
                 "File with the access token, - is standard input (BOOKAFY_TOKEN_FILE, BOOKAFY_TOKEN)")
      ->type_name("FILE");
  app.add_option("--profile", options.profile, "Stored login (BOOKAFY_PROFILE; default: default)")->type_name("NAME");
  app.add_option("-o,--output", options.output, "table, json, jsonl, csv, tsv or uri (BOOKAFY_OUTPUT; default: table)")
      ->check(silent(CLI::IsMember(formats)))
      ->type_name("FORMAT");
  app.add_option("--fields", options.fields, "Only these fields: dotted paths joined by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A,B");
  app.add_option("--color", options.color, "auto, always or never (NO_COLOR, CLICOLOR_FORCE)")
      ->check(silent(CLI::IsMember({"auto", "always", "never"})))
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
      ->check(silent(CLI::Range(0, 100)))
      ->type_name("N");
  app.add_option("--max-wait", options.max_wait, "Longest single wait for a rate limit in seconds (default: 120)")
      ->check(seconds(0))
      ->type_name("S");
  app.add_flag("--no-input", options.no_input, "Never ask (also when CI is set)");
  app.add_flag("--curl", options.curl, "Print the curl command lines that would do the same, and send nothing");
}

}  // namespace bookafy::cli
