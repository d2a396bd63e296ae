/// A run of the whole program inside the test, against a sandbox without a socket.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/program.hpp"
#include "output/string_writer.hpp"
#include "sandbox/sandbox_transport.hpp"

namespace bookafy {

class TextInput final : public system::Input {
 public:
  explicit TextInput(std::string text) : Input("standard input"), text_(std::move(text)) {}
  std::optional<std::string> read_some() override {
    if (text_.empty()) return std::nullopt;
    return std::exchange(text_, {});
  }
  bool has_more_now() override { return true; }

 private:
  std::string text_;
};

struct Run {
  int status = -1;
  std::string out;
  std::string err;
  std::vector<std::string> sent;  ///< `METHOD path`, without the query
};

class InProcess {
 public:
  std::string token = "sandbox-owner";
  sandbox::SandboxTransport network;

  Run run(std::vector<std::string> arguments, const std::string& input = "") {
    output::StringWriter out;
    output::StringWriter err;
    TextInput in(input);
    network.requests.clear();
    arguments.emplace_back("--allow-http");  // the sandbox's name here is no loopback address
    Run run;
    run.status = app::run(std::move(arguments),
                          {.out = out,
                           .err = err,
                           .in = in,
                           .environment = system::Environment(
                               {{"BOOKAFY_API_URL", sandbox::SandboxTransport::base_url}, {"BOOKAFY_TOKEN", token}}),
                           .transport = &network});
    run.out = out.text;
    run.err = err.text;
    for (const auto& request : network.requests) {
      const auto path = request.url.substr(sandbox::SandboxTransport::base_url.size());
      run.sent.push_back(request.method + " " + path.substr(0, path.find('?')));
    }
    return run;
  }
};

}  // namespace bookafy
