#include "output/messages.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "api/codec.hpp"
#include "net/query.hpp"
#include "output/annotation.hpp"
#include "output/text.hpp"

namespace bookafy::output {
namespace {

constexpr std::size_t shortest_masked = 4;
constexpr std::string_view no_style;
constexpr std::string_view bold_red = "\x1b[1;31m";
constexpr std::string_view yellow = "\x1b[33m";

/// `cannot create the subscription: 403 Permission Denied: You do not have …`, without the parts that are not known.
std::string headline(const Error& error) {
  std::string answer = error.status == 0 ? error.title : fmt::format("{} {}", error.status, error.title);
  if (answer.ends_with(' ')) answer.pop_back();
  std::vector<std::string_view> parts{error.attempted, answer, error.message};
  std::erase(parts, "");
  return fmt::format("{}", fmt::join(parts, ": "));
}

/// `https://user:password@host/` as `https://***@host/`: a password is a secret wherever it was typed.
void mask_user_info(std::string& text) {
  constexpr std::string_view separator = "://";
  for (auto at = text.find(separator); at != std::string::npos; at = text.find(separator, at + 1)) {
    const auto start = at + separator.size();
    const auto end = std::min(text.find_first_of("/?# \t\n\"'<>", start), text.size());
    const auto sign = std::string_view(text).substr(start, end - start).rfind('@');
    if (sign != std::string_view::npos) text.replace(start, sign, "***");
  }
}

/// A text as it is, as a URL has it, and as JSON has it.
std::vector<std::string> written_forms(std::string_view text) {
  std::string lower_case_digits = percent_encoded(text);
  for (std::size_t at = 0; (at = lower_case_digits.find('%', at)) != std::string::npos; at += 3)
    for (const std::size_t digit : {at + 1, at + 2})
      lower_case_digits[digit] = static_cast<char>(std::tolower(static_cast<unsigned char>(lower_case_digits[digit])));
  std::vector<std::string> forms{std::string(text), percent_encoded(text), std::move(lower_case_digits)};
  const std::string quoted = codec::encode(Value(text));
  forms.push_back(quoted.substr(1, quoted.size() - 2));
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

}  // namespace

Messages::Messages(Writer& err, bool quiet, bool color, Format format)
    : err_(err), quiet_(quiet), color_(color), json_(format == Format::json || format == Format::jsonl) {}

void Messages::note(std::string_view text) {
  if (!quiet_) say(no_style, "bookafy: ", text);
}

void Messages::essential_note(std::string_view text) { say(no_style, "bookafy: ", text); }

void Messages::warning(std::string_view text) {
  if (!quiet_) say(yellow, "bookafy: warning: ", text);
}

void Messages::trace(std::string_view line) { say(no_style, "", line); }

void Messages::error(const Error& error) {
  if (json_)
    write(error_json(error) + "\n");
  else
    tell(error);
  if (annotated_) write(masked(annotations(error, headline(error))));
}

void Messages::tell(const Error& error) {
  say(bold_red, "bookafy: error: ", headline(error));
  for (const ErrorDetail& detail : error.details)
    say(no_style, "  ", detail.parameter.empty() ? detail.message : detail.parameter + ": " + detail.message);
  if (!error.required_scopes.empty())
    say(no_style, "  required scopes: ", fmt::format("{}", fmt::join(error.required_scopes, ", ")));
  if (!error.hint.empty()) say(no_style, "  hint: ", error.hint);
  if (!error.request_id.empty()) say(no_style, "  request id: ", error.request_id);
}

std::string Messages::error_json(const Error& error) const {
  Value body;
  auto put = [this](Value& object, std::string_view key, std::string_view text) {
    if (!text.empty()) object.set(key, masked(text));
  };
  put(body, "kind", to_string(error.kind));
  body.set("exit_code", exit_code(error.kind));
  if (error.status != 0) body.set("status", error.status);
  put(body, "title", error.title);
  put(body, "message", error.message);
  Value::Array details;
  for (const ErrorDetail& detail : error.details) {
    Value& entry = details.emplace_back(Value::Object());
    put(entry, "parameter", detail.parameter);
    put(entry, "message", detail.message);
    put(entry, "code", detail.code);
  }
  if (!details.empty()) body.set("details", std::move(details));
  Value::Array scopes;
  for (const std::string& scope : error.required_scopes) scopes.emplace_back(masked(scope));
  if (!scopes.empty()) body.set("required_scopes", std::move(scopes));
  put(body, "request_id", error.request_id);
  put(body, "hint", error.hint);
  put(body, "attempted", error.attempted);
  return codec::encode(Value(Value::Object{{"error", std::move(body)}}));
}

void Messages::add_secret(const Secret& secret) {
  if (secret.reveal().size() < shortest_masked) return;
  for (std::string& form : written_forms(secret.reveal())) {
    auto shorter = [&](const Secret& other) { return other.reveal().size() < form.size(); };
    const auto place = std::find_if(secrets_.begin(), secrets_.end(), shorter);
    secrets_.insert(place, Secret(std::move(form)));
  }
}

std::string Messages::masked(std::string_view text) const {
  std::string out(text);
  for (const Secret& secret : secrets_)
    for (auto at = out.find(secret.reveal()); at != std::string::npos; at = out.find(secret.reveal(), at + 3))
      out.replace(at, secret.reveal().size(), "***");
  mask_user_info(out);
  return out;
}

void Messages::say(std::string_view style, std::string_view prefix, std::string_view text) {
  const bool styled = color_ && !style.empty();
  write(fmt::format("{}{}{}{}\n", styled ? style : "", prefix, styled ? "\x1b[0m" : "", printable(masked(text))));
}

void Messages::status(std::string_view text) {
  if (!status_is_shown_ || quiet_ || (text.empty() && !status_stands_)) return;
  write(printable(text));
  status_stands_ = !text.empty();
}

void Messages::write(std::string_view lines) {
  constexpr std::string_view erase_line = "\r\x1b[K";
  try {
    if (std::exchange(status_stands_, false)) err_.write(erase_line);
    err_.write(lines);
    err_.flush();
  } catch (...) {
    // There is no other way to say so.
  }
}

}  // namespace bookafy::output
