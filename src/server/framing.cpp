#include "server/framing.hpp"

#include <strings.h>

#include <algorithm>
#include <string_view>

namespace bookafy::server {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Checks that the head has one line a header field and nothing else. libmicrohttpd before 0.9.77 joins folded lines,
/// ends values at a NUL and takes a bare LF for a line end, and reports none of it. It leaves the texts that it returns
/// where they were received, with a NUL after each, so that what stands between them can be checked.
class HeadCheck {
 public:
  /// `at` is the end of the request line's last text.
  HeadCheck(const char* at, const char* end) : at_(at), end_(end) { end_line(); }

  static MHD_Result next_field(void* self, MHD_ValueKind, const char* name, const char* value) {
    auto& check = *static_cast<HeadCheck*>(self);
    check.read_field(name, value ? value : "");
    return check.is_plain_ ? MHD_YES : MHD_NO;
  }

  /// Whether only the empty line is left.
  bool is_plain() const {
    constexpr std::ptrdiff_t empty_line = 2;
    return is_plain_ && end_ - at_ == empty_line;
  }

 private:
  void read_field(const char* name, std::string_view value) {
    if (!(is_plain_ = is_plain_ && name == at_)) return;
    at_ += std::char_traits<char>::length(name) + 1;
    while (at_ < end_ && is_blank(*at_)) ++at_;
    if (!value.empty() && !(is_plain_ = value.data() == at_)) return;
    at_ += value.size();
    end_line();
  }

  /// CRLF, one or both of which are a NUL by now, maybe after blanks.
  void end_line() {
    if (at_ < end_ && *at_ == '\0') ++at_;
    while (at_ < end_ && is_blank(*at_)) ++at_;
    if (at_ < end_ && *at_ == '\r') ++at_;
    is_plain_ = is_plain_ && at_ < end_ && (*at_ == '\0' || *at_ == '\n');
    ++at_;
  }

  const char* at_;
  const char* end_;
  bool is_plain_ = true;
};

bool is_plain_head(MHD_Connection* connection, const char* method, const char* version) {
  const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  if (!info) return false;
  HeadCheck check(version + std::char_traits<char>::length(version), method + info->header_size);
  MHD_get_connection_values(connection, MHD_HEADER_KIND, HeadCheck::next_field, &check);
  return check.is_plain();
}

/// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

std::vector<std::string_view> values_of(const std::vector<http::Header>& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const http::Header& header : headers)
    if (http::is_named(header, name)) values.push_back(header.value);
  return values;
}

/// The items of comma-separated lists, without blanks around them and without empty ones.
std::vector<std::string> items_of(const std::vector<std::string_view>& lists) {
  std::vector<std::string> items;
  for (std::string_view list : lists)
    while (!list.empty()) {
      std::string_view item = list.substr(0, list.find(','));
      list.remove_prefix(std::min(list.size(), item.size() + 1));
      while (!item.empty() && is_blank(item.front())) item.remove_prefix(1);
      while (!item.empty() && is_blank(item.back())) item.remove_suffix(1);
      if (!item.empty()) items.emplace_back(item);
    }
  return items;
}

std::optional<FramingProblem> coding_problem(const std::vector<std::string_view>& transfer_encodings,
                                             std::string_view version, bool has_length) {
  if (transfer_encodings.empty()) return std::nullopt;
  if (has_length) return FramingProblem{400, "The request has both Content-Length and Transfer-Encoding."};
  if (version == "HTTP/1.0") return FramingProblem{400, "HTTP/1.0 has no Transfer-Encoding."};
  for (const std::string& coding : items_of(transfer_encodings))
    if (strcasecmp(coding.c_str(), "chunked") != 0)
      return FramingProblem{501, "The transfer coding is not supported; send the body chunked or with Content-Length."};
  // libmicrohttpd reads no list, and no blank after the word.
  if (transfer_encodings.size() > 1 || strcasecmp(std::string(transfer_encodings[0]).c_str(), "chunked") != 0)
    return FramingProblem{400, "The header Transfer-Encoding is malformed."};
  return std::nullopt;
}

}  // namespace

std::optional<FramingProblem> framing_problem(MHD_Connection* connection, const char* method, const char* version,
                                              const std::vector<http::Header>& headers) {
  if (!is_plain_head(connection, method, version))
    return FramingProblem{400, "The header fields are malformed: each takes one line that ends in CRLF."};
  for (const http::Header& header : headers)
    if (!is_token(header.name) || header.value.find('\r') != std::string::npos)
      return FramingProblem{400, "A header field is malformed."};
  if (values_of(headers, "Host").size() > 1) return FramingProblem{400, "The request has several Host headers."};
  const auto lengths = values_of(headers, "Content-Length");
  if (lengths.size() > 1) return FramingProblem{400, "The request has several Content-Length headers."};
  return coding_problem(values_of(headers, "Transfer-Encoding"), version, !lengths.empty());
}

std::string content_coding(const std::vector<http::Header>& headers) {
  std::string codings;
  for (const std::string& coding : items_of(values_of(headers, "Content-Encoding")))
    if (strcasecmp(coding.c_str(), "identity") != 0) codings += (codings.empty() ? "" : ", ") + coding;
  return codings;
}

}  // namespace bookafy::server
