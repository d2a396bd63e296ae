#include "net/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "bookafy/validation.hpp"

namespace bookafy::net {
namespace {

constexpr std::size_t usual_headers = 16;
/// Stands for a proxy whose variable has no usable value: libcurl fails without sending anything.
constexpr const char* bad_proxy = "http://:99999";
constexpr std::size_t max_header_bytes = std::size_t{256} * 1024;

// Of the answer to a delivery the status counts. A short body is read all the same: then the connection serves again.
constexpr std::size_t kept_of_delivery_answer = 4096;
constexpr std::size_t read_of_delivery_answer = std::size_t{64} * 1024;
constexpr std::chrono::milliseconds reading_of_delivery_answer{500};
constexpr int first_final_status = 200;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool contains(const std::vector<http::Header>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const http::Header& header) { return http::is_named(header, name); });
}

http::Failure::Reason reason_of(CURLcode code, CURL* handle) {
  using Reason = http::Failure::Reason;
  // A proxy that answers CONNECT with 5xx, 408 or 429 may do better the next time; with another 4xx it will not.
  const long tunnel = info<long>(handle, CURLINFO_HTTP_CONNECTCODE);
  if (tunnel / 100 == 4 && tunnel != 408 && tunnel != 429) return Reason::proxy;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return Reason::resolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED: return Reason::connect;
    case CURLE_OPERATION_TIMEDOUT: return Reason::timeout;
    // A handshake that the network cut is like any other cut; one that TLS refused stays refused.
    case CURLE_SSL_CONNECT_ERROR: return info<long>(handle, CURLINFO_OS_ERRNO) != 0 ? Reason::connect : Reason::tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CIPHER: return Reason::tls;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return Reason::cut_off;
    default: return Reason::malformed;
  }
}

}  // namespace

Transfer::Transfer(EasyHandle handle, Purpose purpose, std::size_t max_answer, const ProxyVariables& proxies)
    : handle_(std::move(handle)),
      purpose_(purpose),
      max_answer_(purpose == Purpose::api ? max_answer : kept_of_delivery_answer),
      proxies_(proxies) {
  CURL* easy = handle_.get();
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  // libcurl has one of these for each request in flight, and most answers fit in.
  set(easy, CURLOPT_BUFFERSIZE, 4096L);
#if LIBCURL_VERSION_NUM >= 0x075700
  // Neither a deadline nor Ctrl-C waits for a name server that does not answer.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  if (purpose_ == Purpose::api) {
    set(easy, CURLOPT_ACCEPT_ENCODING, "");
  } else {
    set(easy, CURLOPT_NOPROGRESS, 0L);
    set(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    set_context(easy, CURLOPT_XFERINFODATA, this);
  }
  set(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  set(easy, CURLOPT_HEADERFUNCTION, on_header);
  set_context(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, on_body);
  set_context(easy, CURLOPT_WRITEDATA, this);
  set_context(easy, CURLOPT_PRIVATE, this);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

void Transfer::begin(std::uint64_t id, http::Request request) {
  id_ = id;
  request_ = std::move(request);
  response_ = {};
  header_bytes_ = 0;
  body_sent_ = 0;
  times_sent_ = 0;
  too_large_ = false;
  head_complete_ = false;
  body_bytes_ = 0;
  error_text_[0] = '\0';
  set(handle_.get(), CURLOPT_URL, request_.url);
  // Waiting for a connection that may turn out to carry several requests pays with HTTP/2 alone, which http is not.
  const bool shares_connections = purpose_ == Purpose::api && request_.url.starts_with("https:");
  set(handle_.get(), CURLOPT_PIPEWAIT, shares_connections ? 1L : 0L);
  set_route();
  set_headers();
  set_body();
}

/// A token must not travel to a proxy in clear text because somebody set http_proxy, and loopback is always direct.
void Transfer::set_route() {
  const auto authority = request_.url.find("://");
  const auto end = authority == std::string::npos ? authority : request_.url.find_first_of("/?#", authority + 3);
  const std::string_view origin = std::string_view(request_.url).substr(0, end);
  const bool in_clear = origin.starts_with("http:") && !http::header(request_.headers, "Authorization").empty();
  if (origin == origin_ && in_clear == in_clear_) return;
  origin_ = origin;
  in_clear_ = in_clear;
  const auto url = parse_url(request_.url);
  proxy_ = !in_clear && url && !is_loopback(url->host) ? proxies_.find(url->scheme, url->host) : nullptr;
  constexpr const char* direct = "";
  set(handle_.get(), CURLOPT_PROXY, !proxy_ ? direct : proxy_->address.empty() ? bad_proxy : proxy_->address.c_str());
  const bool has_credentials = proxy_ && !(proxy_->user.empty() && proxy_->password.empty());
  set(handle_.get(), CURLOPT_PROXYUSERNAME, has_credentials ? proxy_->user.c_str() : nullptr);
  set(handle_.get(), CURLOPT_PROXYPASSWORD, has_credentials ? proxy_->password.c_str() : nullptr);
}

void Transfer::set_headers() {
  if (header_list_ && request_.headers == listed_) return;
  curl_slist* list = nullptr;
  // `name;` is libcurl's way to say a header without a value; `name:` would leave it out.
  for (const auto& [name, value] : request_.headers)
    list = curl_slist_append(list, (value.empty() ? name + ";" : fmt::format("{}: {}", name, value)).c_str());
  if (purpose_ == Purpose::delivery)
    for (const std::string name : {"Accept", "Content-Type"})
      if (!contains(request_.headers, name)) list = curl_slist_append(list, (name + ":").c_str());
  // Waiting for a 100 Continue costs a second with servers that do not know it.
  list = curl_slist_append(list, "Expect:");
  set(handle_.get(), CURLOPT_HTTPHEADER, list);
  header_list_.reset(list);
  listed_ = request_.headers;
}

void Transfer::set_body() {
  CURL* easy = handle_.get();
  if (request_.method == "GET" && request_.body.empty()) return;
  if (request_.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (!request_.body.empty() || request_.method == "POST") {
    // libcurl resends a request when a reused connection turns out to be dead. With a body that it has to read and
    // cannot rewind it gives up instead, so that a POST is never sent twice behind our back.
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.body.size()));
    if (purpose_ == Purpose::api) {
      set(easy, CURLOPT_READFUNCTION, on_read);
      set_context(easy, CURLOPT_READDATA, this);
    } else {
      // A delivery may arrive twice, and a target that closes its connections must not fail every other one.
      set(easy, CURLOPT_POSTFIELDS, request_.body);
    }
  }
  set(easy, CURLOPT_CUSTOMREQUEST, request_.method);
  // A DELETE has nothing to rewind: count instead how often it went out.
  set(easy, CURLOPT_DEBUGFUNCTION, on_debug);
  set_context(easy, CURLOPT_DEBUGDATA, this);
  set(easy, CURLOPT_VERBOSE, 1L);
}

http::Completed Transfer::complete(CURLcode code) {
  http::Completed completed{.id = id_, .outcome = {}, .resent = times_sent_ > 1};
  if (purpose_ == Purpose::delivery && has_final_status()) code = CURLE_OK;  // whatever became of the body
  if (code == CURLE_OK && !head_complete_) {
    // libcurl takes the end of the connection for the end of the headers.
    completed.outcome =
        http::Failure{http::Failure::Reason::cut_off, true, "the answer was cut off within its headers"};
  } else if (code == CURLE_OK) {
    response_.status = static_cast<int>(info<long>(handle_.get(), CURLINFO_RESPONSE_CODE));
    completed.outcome = std::move(response_);
  } else {
    completed.outcome = failure(code);
  }
  return completed;
}

bool Transfer::has_final_status() const {
  return head_complete_ && info<long>(handle_.get(), CURLINFO_RESPONSE_CODE) >= first_final_status;
}

http::Failure Transfer::failure(CURLcode code) const {
  http::Failure failure;
  failure.request_id = http::header(response_.headers, "X-Request-Id");
  // What libcurl says of a header line that outgrows its buffer (8.6 and later: CURLE_TOO_LARGE).
  const bool endless_line = code == CURLE_OUT_OF_MEMORY || static_cast<int>(code) == 100;
  if (too_large_ || (endless_line && !head_complete_)) {
    failure.reason = http::Failure::Reason::too_large;
    failure.sent = true;
    failure.message = head_complete_ ? fmt::format("the answer is larger than {} bytes", max_answer_)
                                     : fmt::format("the answer's headers are larger than {} bytes", max_header_bytes);
    return failure;
  }
  failure.reason = reason_of(code, handle_.get());
  failure.sent = info<curl_off_t>(handle_.get(), CURLINFO_PRETRANSFER_TIME_T) > 0;
  failure.message = error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code);
  if (!is_proxy_failure(code)) return failure;
  failure.proxy_status = static_cast<int>(info<long>(handle_.get(), CURLINFO_HTTP_CONNECTCODE));
  if (!proxy_->address.empty()) {
    failure.message = fmt::format("{}: {}", proxy_->name(), failure.message);
    return failure;
  }
  failure.reason = http::Failure::Reason::proxy;
  failure.message =
      fmt::format("the value of {} is not the address of a proxy; http://HOST:PORT is expected", proxy_->variable);
  return failure;
}

/// Whether it failed before there was a connection to the server.
bool Transfer::is_proxy_failure(CURLcode code) const {
  CURL* easy = handle_.get();
  if (!proxy_ || info<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T) > 0) return false;
  // Handshakes follow the tunnel, except for one with an https proxy itself.
  if (proxy_->address.starts_with("socks"))
    return code != CURLE_SSL_CONNECT_ERROR && reason_of(code, easy) != http::Failure::Reason::tls;
  return info<long>(easy, CURLINFO_HTTP_CONNECTCODE) / 100 != 2;
}

std::size_t Transfer::on_header(char* text, std::size_t, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line(text, count);
  // A new status line begins the final answer after a 1xx one.
  if (line.starts_with("HTTP/")) {
    transfer.response_.headers.clear();
    transfer.response_.headers.reserve(usual_headers);
    transfer.head_complete_ = false;
  }
  if (trimmed(line).empty()) {
    transfer.head_complete_ = true;
    transfer.head_completed_at_ = std::chrono::steady_clock::now();
  }
  transfer.header_bytes_ += count;
  if (transfer.header_bytes_ > max_header_bytes) {
    transfer.too_large_ = true;
    return 0;
  }
  if (auto colon = line.find(':'); colon != std::string_view::npos)
    transfer.response_.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
  return count;
}

std::size_t Transfer::on_body(char* text, std::size_t, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.body_bytes_ += count;
  if (transfer.purpose_ == Purpose::delivery) {
    std::string& body = transfer.response_.body;
    body.append(text, std::min(count, transfer.max_answer_ - body.size()));
    return transfer.body_bytes_ <= read_of_delivery_answer ? count : 0;
  }
  if (transfer.body_bytes_ > transfer.max_answer_) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.response_.body.append(text, count);
  return count;
}

std::size_t Transfer::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t piece = std::min(size * count, transfer.request_.body.size() - transfer.body_sent_);
  transfer.request_.body.copy(buffer, piece, transfer.body_sent_);
  transfer.body_sent_ += piece;
  return piece;
}

/// Not 0, which ends the transfer, once the body of a delivery's answer has had its time.
int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<Transfer*>(self);
  const bool over = transfer.has_final_status() &&
                    std::chrono::steady_clock::now() - transfer.head_completed_at_ > reading_of_delivery_answer;
  return over ? 1 : 0;
}

int Transfer::on_debug(CURL*, curl_infotype type, char* text, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  // A proxy's CONNECT goes out this way, too.
  if (type == CURLINFO_HEADER_OUT && std::string_view(text, size).starts_with(transfer.request_.method + " "))
    ++transfer.times_sent_;
  return 0;
}

}  // namespace bookafy::net
