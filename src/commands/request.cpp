#include "commands/request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "api/codec.hpp"
#include "api/unicode.hpp"
#include "bookafy/validation.hpp"
#include "output/printer.hpp"
#include "system/file.hpp"

namespace bookafy::commands {
namespace {

constexpr std::size_t largest_request = std::size_t{16} * 1024 * 1024;

struct Parsed {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
};

/// `users/me`, `/users/me` or a full URI: only path and query count.
std::string target_of(const std::string& path, Context& context) {
  const bool hostile = std::any_of(path.begin(), path.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if (hostile || path.find('#') != std::string::npos)
    throw Error(ErrorKind::usage,
                fmt::format("{} is not a path: it has white space, a control character or a # in it", path));
  if (path.starts_with('/')) return path;
  if (path.substr(0, path.find('?')).find("://") == std::string::npos) return "/" + path;
  const auto url = parse_url(path);
  if (!url) throw Error(ErrorKind::usage, fmt::format("{} is neither a path nor an http URL", path));
  if (!path.starts_with(context.api_url() + "/"))
    context.messages.warning(
        fmt::format("only the path of {} is used, the request goes to {}", path, context.api_url()));
  return url->path + (url->query.empty() ? "" : "?" + url->query);
}

/// As gh has it: true, false, null and whole numbers are JSON's, everything else is a string.
Value field_value(const std::string& text) {
  std::string ignored;
  if (auto value = codec::decode(text, ignored); value && !value->string() && !value->object() && !value->array())
    return *value;
  return text;
}

std::pair<std::string, std::string> split_field(const std::string& field) {
  const auto equals = field.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(ErrorKind::usage, fmt::format("-F {} is not key=value", field));
  return {field.substr(0, equals), field.substr(equals + 1)};
}

void add_fields(const RequestArgs& args, Parsed& parsed) {
  if (args.fields.empty()) return;
  Value body{Value::Object()};
  for (const std::string& field : args.fields) {
    const auto [key, text] = split_field(field);
    if (parsed.method == "GET")
      parsed.query.emplace_back(key, text);
    else
      body.set(key, field_value(text));
  }
  if (parsed.method != "GET") parsed.body = codec::encode_request(body);
}

Parsed parse(const RequestArgs& args, Context& context) {
  constexpr std::array methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
  if (args.words.size() > 2) throw Error(ErrorKind::usage, "api takes a method and a path, or a path alone");
  if (!args.fields.empty() && !args.input.empty())
    throw Error(ErrorKind::usage, "-F and --input both give a body: choose one");
  Parsed parsed;
  parsed.method = args.fields.empty() && args.input.empty() ? "GET" : "POST";
  if (args.words.size() == 2) {
    parsed.method = args.words.front();
    std::transform(parsed.method.begin(), parsed.method.end(), parsed.method.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    if (std::find(methods.begin(), methods.end(), parsed.method) == methods.end())
      throw Error(ErrorKind::usage,
                  fmt::format("{} is not a method: {}", args.words.front(), fmt::join(methods, ", ")));
  }
  parsed.target = target_of(args.words.back(), context);
  if (!args.input.empty()) parsed.body = system::read_file(args.input, context.in, "the body", largest_request);
  if (!unicode::is_valid(parsed.body))
    throw Error(ErrorKind::usage, fmt::format("the body {} is not valid UTF-8", args.input));
  add_fields(args, parsed);
  return parsed;
}

}  // namespace

ExitStatus run(const RequestArgs& args, Context& context) {
  const Parsed parsed = parse(args, context);
  const auto answer = context.client().request(parsed.method, parsed.target, parsed.query, parsed.body);
  if (!answer) return 0;
  using output::Format;
  output::Layout layout = context.layout;
  const Value* rows = answer->find("collection");
  const Value* resource = answer->find("resource");
  if (layout.format == Format::table && layout.fields.empty()) layout.format = Format::json;
  // Rows and columns are of the resources; as JSON the answer stays as it is.
  const bool whole = layout.format == Format::json && layout.fields.empty();
  const bool many = !whole && rows && rows->array();
  output::Printer printer(context.out, layout, {}, many ? output::Shape::many : output::Shape::one);
  if (many)
    for (const Value& row : *rows->array()) printer.print(row);
  else
    printer.print(!whole && resource ? *resource : *answer);
  printer.finish();
  return 0;
}

}  // namespace bookafy::commands
