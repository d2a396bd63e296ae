#include "net/trace.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>

#include "net/transfer.hpp"

namespace bookafy::net {
namespace {

/// Credentials, and the key that identifies application and user (api: never print).
bool is_confidential(const std::string& name) {
  constexpr std::array confidential{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-RateLimit-Key"};
  return std::any_of(confidential.begin(), confidential.end(),
                     [&](const char* one) { return strcasecmp(one, name.c_str()) == 0; });
}

void trace_headers(const Trace& trace, char direction, const std::vector<http::Header>& headers) {
  for (const auto& [name, value] : headers)
    trace(fmt::format("{} {}: {}", direction, name, is_confidential(name) ? "***" : value));
}

std::string_view protocol(CURL* handle) {
  switch (info<long>(handle, CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_2_0: return "HTTP/2";
    case CURL_HTTP_VERSION_1_0: return "HTTP/1.0";
    default: return "HTTP/1.1";
  }
}

}  // namespace

void trace_request(const Trace& trace, const http::Request& request) {
  trace(fmt::format("> {} {}", request.method, request.url));
  trace_headers(trace, '>', request.headers);
}

void trace_outcome(const Trace& trace, const Transfer& transfer, const http::Completed& completed) {
  CURL* handle = transfer.handle();
  const double milliseconds = static_cast<double>(info<curl_off_t>(handle, CURLINFO_TOTAL_TIME_T)) / 1000.0;
  const auto what = fmt::format("{} {}", transfer.request().method, transfer.request().url);
  if (const auto* failure = std::get_if<http::Failure>(&completed.outcome)) {
    trace(fmt::format("< {}: no answer after {:.1f} ms: {}", what, milliseconds, failure->message));
    return;
  }
  const auto& response = std::get<http::Response>(completed.outcome);
  trace(fmt::format("< {}: {} in {:.1f} ms, {}, {} connection", what, response.status, milliseconds, protocol(handle),
                    info<long>(handle, CURLINFO_NUM_CONNECTS) == 0 ? "reused" : "new"));
  trace_headers(trace, '<', response.headers);
}

}  // namespace bookafy::net
