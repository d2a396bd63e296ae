// The command line's promises as data: tests/cases/*.yaml, each run on the real program. See tests/cases/README.md.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <memory>
#include <regex>

#include "built.hpp"
#include "catch.hpp"
#include "program/canned_server.hpp"
#include "program/process.hpp"

namespace {

using Variables = std::map<std::string, std::string>;

/// Replaces each ${NAME} by its value; an unknown name is a mistake in the case.
std::string expand(const std::string& text, const Variables& variables) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t begin; (begin = text.find("${", at)) != std::string::npos;) {
    const auto end = text.find('}', begin);
    const auto variable = variables.find(text.substr(begin + 2, end - begin - 2));
    if (variable == variables.end()) throw std::runtime_error("unknown variable in: " + text);
    result += text.substr(at, begin - at) + variable->second;
    at = end + 1;
  }
  return result + text.substr(at);
}

/// Words as a shell splits them: white space, single and double quotes, nothing else.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> words;
  bool within = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote != 0 ? '\0' : c;
      if (!within) words.emplace_back();
      within = true;
    } else if (quote == 0 && (c == ' ' || c == '\n')) {
      within = false;
    } else {
      if (!within) words.emplace_back();
      within = true;
      words.back() += c;
    }
  }
  return words;
}

std::vector<std::string> texts(const YAML::Node& node, const Variables& variables) {
  std::vector<std::string> result;
  if (!node) return result;
  if (node.IsScalar()) return {expand(node.as<std::string>(), variables)};
  for (const auto& item : node) result.push_back(expand(item.as<std::string>(), variables));
  return result;
}

std::vector<std::string> arguments(const YAML::Node& node, const Variables& variables) {
  if (node.IsSequence()) return texts(node, variables);
  std::vector<std::string> words;
  for (const auto& word : split(node.as<std::string>())) words.push_back(expand(word, variables));
  return words;
}

void check_keys(const YAML::Node& node) {
  static const std::vector<std::string> known{"name",           "args",
                                              "stdin",          "env",
                                              "status",         "stdout",
                                              "stderr",         "stdout_contains",
                                              "stdout_matches", "stderr_contains",
                                              "stderr_lacks",   "capture",
                                              "answers",        "sent"};
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    if (std::find(known.begin(), known.end(), key) == known.end()) throw std::runtime_error("unknown key: " + key);
  }
}

/// An error is one line that begins with the program's name, or one JSON object a failure.
bool has_error_line(const std::string& err) {
  static const std::regex line(R"((^|\n)(bookafy: error: |\{"error":\{"kind":))");
  return std::regex_search(err, line);
}

void check_output(const YAML::Node& node, const program::Outcome& outcome, const Variables& variables) {
  const int status = node["status"].as<int>(0);
  CHECK(outcome.status == status);
  CHECK_FALSE(outcome.timed_out);
  if (node["stdout"]) CHECK(outcome.out == expand(node["stdout"].as<std::string>(), variables));
  if (node["stderr"]) CHECK(outcome.err == expand(node["stderr"].as<std::string>(), variables));
  for (const auto& text : texts(node["stdout_contains"], variables)) {
    INFO("wanted: " << text);
    CHECK(outcome.out.find(text) != std::string::npos);
  }
  for (const auto& pattern : texts(node["stdout_matches"], variables)) {
    INFO("wanted: " << pattern);
    CHECK(std::regex_search(outcome.out, std::regex(pattern)));
  }
  for (const auto& text : texts(node["stderr_contains"], variables)) {
    INFO("wanted: " << text);
    CHECK(outcome.err.find(text) != std::string::npos);
  }
  for (const auto& text : texts(node["stderr_lacks"], variables)) CHECK(outcome.err.find(text) == std::string::npos);
  if (status == 0) return;
  if (!node["stdout"] && !node["stdout_contains"] && !node["stdout_matches"]) CHECK(outcome.out == "");
  CHECK(has_error_line(outcome.err));
}

/// Each answer is raw text, or a map of status, body, headers and type.
std::vector<std::string> canned_answers(const YAML::Node& node, const Variables& variables) {
  std::vector<std::string> answers;
  for (const auto& item : node) {
    if (item.IsScalar()) {
      answers.push_back(expand(item.as<std::string>(), variables));
      continue;
    }
    std::string headers;
    for (const auto& header : item["headers"]) {
      headers += header.first.as<std::string>() + ": " + header.second.as<std::string>() + "\r\n";
    }
    answers.push_back(program::http_answer(item["status"].as<int>(200),
                                           expand(item["body"].as<std::string>(""), variables), headers,
                                           item["type"].as<std::string>("application/json; charset=utf-8")));
  }
  return answers;
}

/// Every request in order: each wanted text is the beginning of one, and there are no others.
void check_sent(const YAML::Node& node, const program::CannedServer* server) {
  if (!node) return;
  REQUIRE(server != nullptr);
  const auto requests = server->requests();
  REQUIRE(requests.size() == node.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::string beginning = requests[i].substr(0, requests[i].find(" HTTP/1.1\r\n"));
    CHECK(beginning == node[i].as<std::string>());
  }
}

/// Runs one case, and adds what it captures to the variables.
void run_case(const YAML::Node& node, const program::Environment& defaults, Variables& variables) {
  check_keys(node);
  program::Command command;
  command.environment = defaults;
  std::unique_ptr<program::CannedServer> server;
  if (node["answers"]) {
    server = std::make_unique<program::CannedServer>(canned_answers(node["answers"], variables));
    variables["SERVER"] = server->url();
    command.environment["BOOKAFY_API_URL"] = server->url();
    command.environment["BOOKAFY_TOKEN"] = "canned-token";
  }
  command.argv = arguments(node["args"], variables);
  command.argv.insert(command.argv.begin(), built::program);
  for (const auto& entry : node["env"]) {
    const auto name = entry.first.as<std::string>();
    command.environment.erase(name);
    if (!entry.second.IsNull()) command.environment[name] = expand(entry.second.as<std::string>(), variables);
  }
  command.input = expand(node["stdin"].as<std::string>(""), variables);
  command.folder = variables.at("DIR");

  const auto outcome = program::run(command);
  INFO(node["name"].as<std::string>() << "\n-- stdout\n" << outcome.out << "\n-- stderr\n" << outcome.err);
  check_output(node, outcome, variables);
  check_sent(node["sent"], server.get());
  const auto token = command.environment.find("BOOKAFY_TOKEN");
  if (token != command.environment.end() && token->second.size() > 3) {
    CHECK(outcome.err.find(token->second) == std::string::npos);
  }
  for (const auto& entry : node["capture"]) {
    std::smatch match;
    const std::regex pattern(expand(entry.second.as<std::string>(), variables));
    REQUIRE(std::regex_search(outcome.out, match, pattern));
    variables[entry.first.as<std::string>()] = match.size() > 1 ? match[1] : match[0];
  }
}

void run_file(const std::filesystem::path& path) {
  const YAML::Node file = YAML::LoadFile(path.string());
  const program::TemporaryFolder folder;
  Variables variables{{"DIR", folder.path().string()}, {"VERSION", built::version}};
  program::Environment defaults = program::poisoned_environment(folder.path() / "home");
  std::unique_ptr<program::Sandbox> sandbox;
  if (file["sandbox"]) {
    sandbox = std::make_unique<program::Sandbox>(texts(file["sandbox"], variables));
    variables["SANDBOX"] = sandbox->url();
    defaults["BOOKAFY_API_URL"] = sandbox->url();
    defaults["BOOKAFY_TOKEN"] = "sandbox-owner";
  }
  for (const auto& entry : file["files"]) folder.write(entry.first.as<std::string>(), entry.second.as<std::string>());
  REQUIRE(file["cases"].size() > 0);
  for (const auto& node : file["cases"]) run_case(node, defaults, variables);
}

}  // namespace

TEST_CASE("the program keeps its word, case by case") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(built::source_dir + "/tests/cases")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(!files.empty());
  for (const auto& file : files) {
    DYNAMIC_SECTION(file.filename().string()) { run_file(file); }
  }
}
