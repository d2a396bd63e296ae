/// One request on its way through libcurl.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bookafy/http.hpp"
#include "net/engine.hpp"
#include "net/handle.hpp"
#include "net/proxy.hpp"

namespace bookafy::net {

/// Its address is known to libcurl while it runs, so it does not move. Setting one up costs as much as a tenth of what
/// a request takes, so it serves one after the other.
class Transfer {
 public:
  /// On a handle that knows its deadlines and whom to trust. `max_answer`: bytes of body, decompressed; of a delivery's
  /// answer less is kept. The proxies must outlive it.
  Transfer(EasyHandle handle, Purpose purpose, std::size_t max_answer, const ProxyVariables& proxies);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() = default;

  /// Makes it ready to be added to a multi handle, for the first time or again.
  void begin(std::uint64_t id, http::Request request);
  /// Whether it can begin again: only a plain GET leaves nothing behind in the handle.
  bool is_reusable() const { return request_.method == "GET" && request_.body.empty(); }

  CURL* handle() const { return handle_.get(); }
  std::uint64_t id() const { return id_; }
  const http::Request& request() const { return request_; }
  std::uint64_t begun_before = 0;  ///< the engine's count when it began
  bool directory_only = false;     ///< began with the hashed certificate directory alone

  http::Request take_request() { return std::move(request_); }
  http::Completed complete(CURLcode code);

 private:
  void set_route();
  void set_headers();
  void set_body();
  http::Failure failure(CURLcode code) const;
  bool has_final_status() const;
  bool is_proxy_failure(CURLcode code) const;

  static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static int on_debug(CURL* handle, curl_infotype type, char* text, std::size_t size, void* self);

  EasyHandle handle_;
  const Purpose purpose_;
  std::uint64_t id_ = 0;
  http::Request request_;
  std::size_t max_answer_;
  std::string origin_;     ///< scheme and authority that the route is set for
  bool in_clear_ = false;  ///< and whether a token goes there unencrypted
  const ProxyVariables& proxies_;
  const Proxy* proxy_ = nullptr;  ///< of the route; null: direct
  HeaderList header_list_;
  std::vector<http::Header> listed_;  ///< what is in it
  http::Response response_;
  std::size_t header_bytes_ = 0;
  std::size_t body_sent_ = 0;
  int times_sent_ = 0;
  bool too_large_ = false;
  bool head_complete_ = false;
  std::chrono::steady_clock::time_point head_completed_at_{};
  std::size_t body_bytes_ = 0;  ///< of the answer, kept or not
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

}  // namespace bookafy::net
