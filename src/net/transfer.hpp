/// One request on its way through libcurl.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "bookafy/http.hpp"
#include "net/handle.hpp"

namespace bookafy::net {

/// Its address is known to libcurl while it runs, so it does not move.
class Transfer {
 public:
  /// `max_answer`: bytes of body, decompressed.
  Transfer(EasyHandle handle, std::uint64_t id, http::Request request, std::size_t max_answer);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_.get(); }
  std::uint64_t id() const { return id_; }
  const http::Request& request() const { return request_; }
  bool directory_only = false;  ///< began with the hashed certificate directory alone

  http::Request take_request() { return std::move(request_); }
  http::Completed complete(CURLcode code);
  /// The handle, as new but for its connections; the transfer must be out of the multi handle.
  EasyHandle release();

 private:
  void prepare();
  void prepare_body();
  http::Failure failure(CURLcode code) const;

  static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static int on_debug(CURL* handle, curl_infotype type, char* text, std::size_t size, void* self);

  EasyHandle handle_;
  std::uint64_t id_;
  http::Request request_;
  std::size_t max_answer_;
  HeaderList headers_;
  http::Response response_;
  std::size_t header_bytes_ = 0;
  std::size_t body_sent_ = 0;
  int times_sent_ = 0;
  bool too_large_ = false;
  bool head_complete_ = false;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

}  // namespace bookafy::net
