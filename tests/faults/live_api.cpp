#include "faults/live_api.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "api/codec.hpp"
#include "built.hpp"
#include "program/canned_server.hpp"
#include "sandbox/query.hpp"

namespace faults {
namespace {

using bookafy::Value;
using bookafy::http::Request;
using bookafy::http::Response;

constexpr std::string_view end_of_head = "\r\n\r\n";

std::string full(std::string_view path) { return bookafy::sandbox::SandboxTransport::base_url + std::string(path); }

/// What the program sends is well-formed; nullopt when the connection ends before it is complete.
std::optional<Request> read_request(const Socket& connection) {
  std::string text;
  Request request;
  for (std::size_t wanted = 0, head = 0; wanted == 0 || text.size() < wanted;) {
    const std::string block = connection.receive();
    if (block.empty()) return std::nullopt;
    text += block;
    if (wanted > 0 || (head = text.find(end_of_head)) == std::string::npos) continue;
    request.method = text.substr(0, text.find(' '));
    const auto target = request.method.size() + 1;
    request.url = text.substr(target, text.find(' ', target) - target);
    for (auto line = text.find("\r\n") + 2; line < head;) {
      const auto end = text.find("\r\n", line);
      const auto colon = text.find(':', line);
      request.headers.push_back({text.substr(line, colon - line), text.substr(colon + 2, end - colon - 2)});
      line = end + 2;
    }
    const std::string length(bookafy::http::header(request.headers, "Content-Length"));
    wanted = head + end_of_head.size() + (length.empty() ? 0 : std::stoul(length));
  }
  request.body = text.substr(text.find(end_of_head) + end_of_head.size());
  return request;
}

std::string wire(const Response& response) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  char date[40];
  strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &parts));
  std::string headers = std::string("Date: ") + date + "\r\n";
  for (const auto& [name, value] : response.headers)
    if (name != "Content-Type") headers += name + ": " + value + "\r\n";
  return program::http_answer(response.status, response.body, headers);
}

Request of_owner(std::string method, std::string target) {
  return {std::move(method), std::move(target), {{"Authorization", "Bearer sandbox-owner"}}, {}};
}

}  // namespace

LiveApi::LiveApi() = default;

Response LiveApi::deliver(const Request& request) { return api_.handle(request); }

void LiveApi::set_fault(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
  requests_.clear();
}

std::vector<std::string> LiveApi::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void LiveApi::answer(Socket& connection) {
  const auto request = read_request(connection);
  if (!request) return;
  const std::lock_guard lock(mutex_);
  requests_.push_back(request->method + " " + request->url.substr(0, request->url.find('?')));
  const auto instead = fault_ ? fault_(*request) : std::nullopt;
  connection.send(instead ? *instead : wire(deliver(*request)));
}

void LiveApi::subscribe(const std::string& callback_url, const std::string& event) {
  Request request = of_owner("POST", "/webhook_subscriptions");
  request.body = bookafy::codec::encode(Value::Object{{"url", callback_url},
                                                      {"events", Value::Array{event}},
                                                      {"scope", "user"},
                                                      {"organization", full(bookafy::sandbox::seed::organization)},
                                                      {"user", full(bookafy::sandbox::seed::owner)}});
  if (deliver(request).status != 201) throw std::runtime_error("cannot subscribe " + callback_url);
}

std::vector<std::string> LiveApi::account() {
  std::vector<std::string> lines;
  for (const std::string scope : {"user", "organization"}) {
    Value::Object query{
        {"organization", full(bookafy::sandbox::seed::organization)}, {"scope", scope}, {"count", "100"}};
    if (scope == "user") query.emplace_back("user", full(bookafy::sandbox::seed::owner));
    const auto answer = deliver(of_owner("GET", "/webhook_subscriptions?" + bookafy::sandbox::write_query(query)));
    const Value page = bookafy::codec::decode(answer.body);
    for (const Value& row : *page.find("collection")->array()) {
      std::string line = row.text_at("callback_url") + " " + scope;
      for (const Value& event : *row.find("events")->array()) line += " " + *event.string();
      lines.push_back(std::move(line));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

program::Outcome LiveApi::run(const std::vector<std::string>& arguments, const std::string& input) {
  auto environment = program::poisoned_environment(folder_.path());
  environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  environment["BOOKAFY_API_URL"] = url();
  program::Command command{{"/bin/sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", (folder_.path() / "pid").string()},
                           environment,
                           input,
                           folder_.path()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return program::run(command);
}

pid_t LiveApi::process() const {
  pid_t process = 0;
  std::ifstream(folder_.path() / "pid") >> process;
  return process;
}

}  // namespace faults
