#include "commands/resource_input.hpp"

#include <fmt/format.h>

#include "api/codec.hpp"
#include "bookafy/validation.hpp"

namespace bookafy::commands {
namespace {

Resource parse(const std::string& text) {
  if (auto resource = parse_resource(text)) return *resource;
  Error error(ErrorKind::usage, fmt::format("{} names no resource of the API", text.empty() ? "an empty text" : text));
  error.hint = "give a URI, a path such as users/ID, EVENT/INVITEE, me, or the id of a subscription";
  throw error;
}

/// Follows the nesting of JSON text piece by piece, to find where a document ends that spans lines.
class Nesting {
 public:
  void read(std::string_view text) {
    for (const char c : text) {
      if (escaped_)
        escaped_ = false;
      else if (in_string_)
        read_in_string(c);
      else if (c == '"')
        in_string_ = true;
      else if (c == '{' || c == '[')
        ++depth_;
      else if (c == '}' || c == ']')
        --depth_;
    }
  }
  bool complete() const { return depth_ <= 0 && !in_string_; }

 private:
  void read_in_string(char c) {
    escaped_ = c == '\\';
    in_string_ = c != '"';
  }

  int depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace

ResourceInput::ResourceInput(const std::vector<std::string>& arguments, Context& context, Tally& tally)
    : context_(context), tally_(tally) {
  for (const std::string& argument : arguments) {
    if (argument == "-")
      reads_standard_input_ = true;
    else
      named_.push_back(parse(argument));
  }
  ended_ = !reads_standard_input_;
}

bool ResourceInput::ready() { return !named_.empty() || ended_ || context_.in.line_ready(); }

std::optional<Resource> ResourceInput::next() {
  while (named_.empty() && !ended_) read_line();
  if (named_.empty()) return std::nullopt;
  Resource resource = std::move(named_.front());
  named_.pop_front();
  warn_of_host(resource);
  return resource;
}

void ResourceInput::stop() {
  named_.clear();
  ended_ = true;
}

void ResourceInput::read_line() {
  auto line = context_.in.line();
  if (!line) {
    ended_ = true;
    return;
  }
  const auto first = line->find_first_not_of(" \t");
  if (first == std::string::npos) return;
  if ((*line)[first] == '{' || (*line)[first] == '[')
    read_document(*line);
  else
    take(line->substr(first, line->find_last_not_of(" \t") - first + 1));
}

/// One delivery or an array of them, on one line or spread over several.
void ResourceInput::read_document(const std::string& text) {
  std::string document = text;
  Nesting nesting;
  nesting.read(document);
  while (!nesting.complete()) {
    auto line = context_.in.line();
    if (!line) break;
    nesting.read(*line);
    document.append(1, '\n').append(*line);
    if (document.size() > system::Input::longest_line)
      throw Error(ErrorKind::usage, "standard input has a JSON document of over 16 MiB");
  }
  std::string problem;
  const auto value = codec::decode(document, problem);
  if (!value) return tally_.failure(Error(ErrorKind::usage, fmt::format("standard input: {}", problem)));
  const Value::Array deliveries = value->array() ? *value->array() : Value::Array{*value};
  for (const Value& delivery : deliveries) {
    const Value* uri = delivery.at_path("payload.uri");
    if (uri && uri->string())
      take(*uri->string());
    else
      tally_.failure(Error(ErrorKind::usage, "standard input: a delivery has no payload.uri"));
  }
}

void ResourceInput::take(const std::string& text) {
  if (auto resource = parse_resource(text))
    named_.push_back(std::move(*resource));
  else
    tally_.failure(Error(ErrorKind::usage, fmt::format("standard input: {} names no resource of the API", text)));
}

void ResourceInput::warn_of_host(const Resource& resource) {
  if (warned_ || resource.host.empty()) return;
  const auto api = context_.api_url();
  const auto own_host = std::string_view(api).substr(api.find("://") + 3);
  if (own_host.substr(0, own_host.find('/')) == resource.host) return;
  warned_ = true;
  context_.messages.warning(fmt::format(
      "{} is not the configured API: only the paths of its URIs are used, the requests go to {}", resource.host, api));
}

}  // namespace bookafy::commands
