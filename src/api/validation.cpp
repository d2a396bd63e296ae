#include "bookafy/validation.hpp"

#include <algorithm>
#include <charconv>

#include "bookafy/event.hpp"

namespace bookafy {
namespace {

/// RFC 6943 section 3.1.1, the strict form: four decimal numbers. Anything else could be somebody's host name.
bool is_dotted_quad(std::string_view text) {
  int numbers = 0;
  for (; numbers < 4; ++numbers) {
    const auto part = text.substr(0, text.find('.'));
    unsigned value = 0;
    const char* end = part.data() + part.size();
    if (part.empty() || part.size() > 3 || (part.size() > 1 && part.front() == '0')) return false;
    if (std::from_chars(part.data(), end, value).ptr != end || value > 255) return false;
    if (part.size() == text.size()) return numbers == 3;
    text.remove_prefix(part.size() + 1);
  }
  return false;
}

bool is_space_or_control(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f;
}

bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7f; }

/// Whether each `%` begins an escape (RFC 3986 section 2.1).
bool has_valid_escapes(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (text.size() - at < 3 || text.substr(at + 1, 2).find_first_not_of(digits) != std::string_view::npos)
      return false;
  return true;
}

std::string unknown(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Event& event : known_events()) names.push_back(event.name);
  const std::string meant = nearest(name, names);
  return "unknown event " + name +
         (meant.empty() ? "; --allow-unknown-event sends it all the same" : "; did you mean " + meant + "?");
}

}  // namespace

bool is_loopback(std::string_view host) {
  std::string name(host);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name == "localhost" || name == "::1" || name.ends_with(".localhost")) return true;
  return name.starts_with("127.") && is_dotted_quad(name);
}

std::string callback_url_problem(std::string_view url) {
  auto parsed = parse_url(url);
  if (!parsed && std::any_of(url.begin(), url.end(), [](unsigned char c) { return c >= 0x80; }))
    return "has a host name that has no ASCII form, or none that this libcurl can find; write it as xn--…";
  if (!parsed) return "is not an absolute http or https URL with a valid host";
  if (!has_valid_escapes(url)) return "has a % that begins no escape; write %25";
  if (parsed->has_fragment) return "has a fragment (#…), which is never sent to a server";
  if (parsed->has_user_info)
    return "has a user name in it; put credentials into the path or query, or verify signatures instead";
  return {};
}

std::string callback_url_warning(std::string_view url) {
  auto parsed = parse_url(url);
  if (!parsed) return {};
  if (is_loopback(parsed->host)) return "is on this machine: Bookafy cannot reach it, only a sandbox can";
  if (parsed->scheme == "http") return "is plain http: deliveries carry personal data, readable on the way";
  return {};
}

std::string token_problem(const Secret& token) {
  std::string_view text = token.reveal();
  if (text.empty()) return "is empty";
  if (!std::all_of(text.begin(), text.end(), is_visible_ascii))
    return "has a character other than visible ASCII in it (white space, a control character, an accented letter)";
  return {};
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.find_first_of("/\\,;:<>()[]\"?#") == text.npos &&
         std::none_of(text.begin(), text.end(), is_space_or_control);
}

bool same_email(std::string_view a, std::string_view b) {
  const auto lower = [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](unsigned char x, unsigned char y) { return lower(x) == lower(y); });
}

std::vector<std::string> event_problems(std::span<const std::string> events, Scope scope, bool allow_unknown) {
  std::vector<std::string> problems;
  std::vector<std::string> allowed;
  bool mismatched = false;
  for (const std::string& name : events) {
    if (const Event* event = find_event(name)) {
      allowed.push_back(name + " goes with " + scopes_text(*event));
      if (allows(*event, scope)) continue;
      mismatched = true;
      problems.push_back("event " + name + " does not go with --scope " + std::string(to_string(scope)));
    } else if (!allow_unknown) {
      problems.push_back(unknown(name));
    }
  }
  if (!mismatched) return problems;
  problems.insert(problems.end(), allowed.begin(), allowed.end());
  if (events.size() > 1) problems.emplace_back("events with different scopes need two subscriptions");
  return problems;
}

}  // namespace bookafy
