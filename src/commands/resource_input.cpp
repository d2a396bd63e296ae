#include "commands/resource_input.hpp"

#include <fmt/format.h>
#include <strings.h>

#include "api/codec.hpp"
#include "bookafy/validation.hpp"

namespace bookafy::commands {
namespace {

bool is_http_url(std::string_view text) {
  const auto starts = [&](std::string_view scheme) {
    return text.size() >= scheme.size() && strncasecmp(text.data(), scheme.data(), scheme.size()) == 0;
  };
  return starts("http://") || starts("https://");
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

Error not_a_resource(const std::string& text) {
  Error error(ErrorKind::usage, fmt::format("{} names no resource of the API", text));
  error.hint = "give a URI, a path such as users/ID, EVENT/INVITEE, me, the id of a subscription, or an e-mail address";
  return error;
}

}  // namespace

std::string without_blanks(const std::string& line) {
  const auto first = line.find_first_not_of(" \t");
  return first == std::string::npos ? std::string() : line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

Resource named_subscription(const std::string& text, std::string_view url_hint) {
  const bool is_extended = text.find_first_of("?#") != std::string::npos;
  const auto resource = parse_resource_of(ResourceKind::subscription, text.substr(0, text.find_first_of("?#")));
  if (resource && !is_extended) return *resource;
  Error error(ErrorKind::usage, resource
                                    ? fmt::format("{} has a query or a fragment, which no subscription's URI has", text)
                                    : fmt::format("not the URI or id of a subscription: {}", text));
  if (!resource && is_http_url(text)) error.hint = url_hint;
  throw error;
}

bool warn_of_other_host(const Resource& resource, Context& context) {
  if (resource.host.empty()) return false;
  const auto api = context.api_url();
  const auto own_host = std::string_view(api).substr(api.find("://") + 3);
  if (own_host.substr(0, own_host.find('/')) == resource.host) return false;
  context.messages.warning(fmt::format(
      "{} is not the configured API: only the paths of its URIs are used, the requests go to {}", resource.host, api));
  return true;
}

std::optional<ResourceInput::Item> ResourceInput::parse(const std::string& text) {
  if (auto resource = parse_resource(text)) return std::move(*resource);
  if (is_email(text)) return text;
  return std::nullopt;
}

ResourceInput::ResourceInput(const std::vector<std::string>& arguments, Context& context, Tally& tally)
    : context_(context), tally_(tally) {
  for (const std::string& argument : arguments) {
    if (argument == "-")
      reads_standard_input_ = true;
    else if (auto item = parse(argument))
      named_.push_back(std::move(*item));
    else
      throw not_a_resource(argument.empty() ? "an empty text" : argument);
  }
  ended_ = !reads_standard_input_;
}

bool ResourceInput::ready() { return !named_.empty() || ended_ || context_.in.line_ready(); }

std::optional<Resource> ResourceInput::next() {
  while (named_.empty() && !ended_) read_line();
  if (named_.empty() || std::holds_alternative<std::string>(named_.front())) return std::nullopt;
  Resource resource = std::get<Resource>(std::move(named_.front()));
  named_.pop_front();
  warned_ = warned_ || warn_of_other_host(resource, context_);
  return resource;
}

bool ResourceInput::email_is_next() {
  while (named_.empty() && !ended_ && context_.in.line_ready()) read_line();
  return !named_.empty() && std::holds_alternative<std::string>(named_.front());
}

std::vector<std::string> ResourceInput::take_emails() {
  constexpr std::size_t most = 100;
  std::vector<std::string> emails;
  while (emails.size() < most && email_is_next()) {
    emails.push_back(std::get<std::string>(std::move(named_.front())));
    named_.pop_front();
  }
  return emails;
}

std::vector<ResourceKind> ResourceInput::kinds() const {
  std::vector<ResourceKind> kinds;
  for (const Item& item : named_) {
    const auto* resource = std::get_if<Resource>(&item);
    kinds.push_back(resource ? resource->kind : ResourceKind::invitee);
  }
  return kinds;
}

void ResourceInput::read_line() {
  auto line = context_.in.line();
  if (!line) {
    ended_ = true;
    return;
  }
  const std::string text = without_blanks(*line);
  if (text.starts_with('{') || text.starts_with('['))
    read_document(*line);
  else if (!text.empty())
    take(text);
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
  if (auto item = parse(text))
    named_.push_back(std::move(*item));
  else
    tally_.failure(Error(ErrorKind::usage, fmt::format("standard input: {} names no resource of the API", text)));
}

}  // namespace bookafy::commands
