#include "cli/completion.hpp"

#include <algorithm>
#include <map>

#include "bookafy/event.hpp"
#include "cli/catalog.hpp"
#include "commands/trigger_sandbox.hpp"

namespace bookafy::cli {
namespace {

using commands::Candidate;
using commands::CompleteArgs;

constexpr double live_timeout = 2;  ///< seconds: who presses Tab does not wait longer

constexpr std::array subscription_fields{"uri",   "callback_url", "events",     "scope",
                                         "state", "created_at",   "updated_at", "creator",
                                         "user",  "organization", "group",      "retry_started_at"};
constexpr std::array invitee_fields{"uri",
                                    "name",
                                    "email",
                                    "status",
                                    "event",
                                    "timezone",
                                    "created_at",
                                    "cancellation.reason",
                                    "new_invitee",
                                    "old_invitee",
                                    "tracking.utm_source",
                                    "questions_and_answers.0.answer"};
constexpr std::array found_invitee_fields{"uri",
                                          "name",
                                          "email",
                                          "status",
                                          "scheduled_event.uri",
                                          "scheduled_event.name",
                                          "scheduled_event.start_time",
                                          "scheduled_event.end_time",
                                          "scheduled_event.status",
                                          "scheduled_event.event_memberships.0.user_name",
                                          "cancellation.reason",
                                          "tracking.utm_source",
                                          "questions_and_answers.0.answer"};
constexpr std::array request_words{"GET",
                                   "POST",
                                   "DELETE",
                                   "/users/me",
                                   "/webhook_subscriptions",
                                   "/scheduled_events",
                                   "/organization_memberships",
                                   "/routing_forms"};

constexpr std::array time_words{"now", "today", "yesterday", "tomorrow", "1h", "1d", "7d"};

/// What the finished words of a line say.
struct Line {
  const CommandEntry* command = nullptr;
  bool unknown_command = false;
  bool wants_help = false;               ///< `bookafy help`
  bool after_dashes = false;             ///< `--` ended the options
  std::size_t arguments = 0;             ///< how many there are already
  const OptionEntry* pending = nullptr;  ///< the last finished word is this option, its value is being typed
  std::map<std::string, std::string> given;

  std::string value(const std::string& option) const {
    const auto found = given.find(option);
    return found == given.end() ? "" : found->second;
  }
};

const OptionEntry* find_option(const Catalog& catalog, const CommandEntry* command, const std::string& name) {
  const auto named = [&](const OptionEntry& option) {
    return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
  };
  for (const auto* options : {command ? &command->options : nullptr, &catalog.options}) {
    if (!options) continue;
    const auto found = std::find_if(options->begin(), options->end(), named);
    if (found != options->end()) return &*found;
  }
  return nullptr;
}

void read_option(const Catalog& catalog, const std::string& word, Line& line) {
  const bool is_long = word.starts_with("--");
  const auto name_end = is_long ? std::min(word.find('='), word.size()) : std::min<std::size_t>(2, word.size());
  const OptionEntry* option = find_option(catalog, line.command, word.substr(0, name_end));
  if (!option) return;
  const std::string& name = option->names.back();
  if (option->value.empty() || name_end < word.size())
    line.given[name] = word.substr(std::min(word.size(), name_end + (is_long ? 1 : 0)));
  else
    line.pending = option;
}

Line read_line(const Catalog& catalog, const std::vector<std::string>& words) {
  Line line;
  for (const std::string& word : words) {
    if (line.pending) {
      line.given[line.pending->names.back()] = word;
      line.pending = nullptr;
    } else if (!line.after_dashes && word == "--") {
      line.after_dashes = true;
      line.arguments = 0;
    } else if (!line.after_dashes && word.starts_with("-") && word.size() > 1) {
      read_option(catalog, word, line);
    } else if (line.command) {
      ++line.arguments;
    } else if (word == "help") {
      line.wants_help = true;
    } else {
      const auto found = std::find_if(catalog.commands.begin(), catalog.commands.end(),
                                      [&](const CommandEntry& command) { return command.name == word; });
      if (found == catalog.commands.end())
        line.unknown_command = true;
      else
        line.command = &*found;
    }
  }
  return line;
}

void offer_options(const std::vector<OptionEntry>& options, CompleteArgs& args) {
  for (const OptionEntry& option : options)
    for (const std::string& name : option.names) args.candidates.push_back({name, option.description});
}

void offer_events(const Line& line, CompleteArgs& args) {
  const auto scope = parse_scope(line.value("--scope"));
  for (const Event& event : known_events())
    if (!scope || allows(event, *scope))
      args.candidates.push_back({std::string(event.name), std::string(event.summary)});
}

void offer_texts(std::span<const char* const> texts, CompleteArgs& args) {
  for (const char* text : texts) args.candidates.push_back({text, ""});
}

std::span<const char* const> fields_of(std::string_view command) {
  if (command == "inspect") return invitee_fields;
  if (command == "invitees") return found_invitee_fields;
  return subscription_fields;
}

/// Of a list joined by commas the last one is being typed: those before it stand, and are not offered again.
void keep_list(const std::string& word, CompleteArgs& args) {
  const std::string before = word.substr(0, word.rfind(',') + 1);
  args.prefix += before;
  std::erase_if(args.candidates, [&](const Candidate& candidate) {
    return ("," + before).find("," + candidate.text + ",") != std::string::npos;
  });
}

/// The value of an option, or an argument, by its type.
void offer_values(const OptionEntry& option, const Line& line, const std::string& word, CompleteArgs& args) {
  const std::string& type = option.value;
  for (const std::string& choice : option.choices) args.candidates.push_back({choice, ""});
  if (type == "EVENT") {
    offer_events(line, args);
    if (option.names.empty())  // trigger's argument
      for (const commands::Happening& happening : commands::known_happenings())
        args.candidates.push_back({std::string(happening.word), std::string(happening.summary)});
    keep_list(word, args);
  } else if (type == "A,B") {
    offer_texts(fields_of(line.command ? line.command->name : ""), args);
    keep_list(word, args);
  } else if (type == "[METHOD] PATH") {
    offer_texts(request_words, args);
  } else if (type == "TIME") {
    offer_texts(time_words, args);
  } else if (type == "PROFILE") {
    args.live = CompleteArgs::Live::profiles;
  } else if (type == "SUBSCRIPTION" || type == "RESOURCE") {
    args.live = CompleteArgs::Live::subscriptions;
    if (type == "RESOURCE") args.candidates.push_back({"me", "the token's user"});
  } else if (type.find("FILE") != std::string::npos) {
    args.rest = CompleteArgs::Rest::files;
  } else if (type == "COMMAND" || type == "CMD") {
    args.rest = line.arguments == 0 ? CompleteArgs::Rest::programs : CompleteArgs::Rest::files;
  }
}

void offer(const Catalog& catalog, const Line& line, const std::string& word, CompleteArgs& args) {
  const auto equals = word.find('=');
  if (line.pending) return offer_values(*line.pending, line, word, args);
  if (!line.after_dashes && word.starts_with("--") && equals != std::string::npos) {
    args.prefix = word.substr(0, equals + 1);
    const OptionEntry* option = find_option(catalog, line.command, word.substr(0, equals));
    if (option) offer_values(*option, line, word.substr(equals + 1), args);
    return;
  }
  if (line.unknown_command) return;
  if (!line.after_dashes && word.starts_with("-")) {
    if (line.command) offer_options(line.command->options, args);
    return offer_options(catalog.options, args);
  }
  if (!line.command) {
    for (const CommandEntry& command : catalog.commands) args.candidates.push_back({command.name, command.summary});
    if (!line.wants_help) args.candidates.push_back({"help", "Tell about a command"});
  } else if (!line.command->arguments.empty() && (line.after_dashes || line.command->name != "sandbox")) {
    const auto& arguments = line.command->arguments;
    offer_values(arguments[std::min(line.arguments, arguments.size() - 1)], line, word, args);
  } else if (!line.after_dashes) {
    offer_options(line.command->options, args);
  }
}

}  // namespace

Invocation complete(std::vector<std::string> words) {
  std::string last;
  if (!words.empty()) {
    last = std::move(words.back());
    words.pop_back();
  }
  const Catalog known = catalog();
  const Line line = read_line(known, words);
  CompleteArgs args;
  offer(known, line, last, args);
  args.owner = {
      .organization = line.value("--organization"), .user = line.value("--user"), .group = line.value("--group")};

  Invocation invocation;
  GlobalOptions& options = invocation.options;
  const auto take = [&](const char* name, std::optional<std::string>& target) {
    if (line.given.count(name) != 0) target = line.value(name);
  };
  take("--api-url", options.api_url);
  take("--token-file", options.token_file);
  take("--profile", options.profile);
  take("--ca-file", options.ca_file);
  options.allow_http = line.given.count("--allow-http") != 0;
  options.output = "jsonl";  // nothing of what the environment says matters here
  options.quiet = true;
  options.no_input = true;
  options.timeout = options.connect_timeout = live_timeout;
  options.max_retries = 0;
  options.max_wait = 0;
  invocation.command = std::move(args);
  return invocation;
}

}  // namespace bookafy::cli
