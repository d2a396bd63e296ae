/// libcurl handles with owners and typed options.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace bookafy::net {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using EasyHandle = std::unique_ptr<CURL, CurlDeleter>;
using HeaderList = std::unique_ptr<curl_slist, CurlDeleter>;
using UrlHandle = std::unique_ptr<CURLU, CurlDeleter>;
using MultiHandle = std::unique_ptr<CURLM, MultiDeleter>;

// curl_easy_setopt takes anything and believes it: a double, an int or a std::string compiles and is wrong. These
// overloads are the only way in. Their results are not looked at: they fail only for options this libcurl was built
// without, and those that matter are checked by the caller.
inline CURLcode set(CURL* handle, CURLoption option, long value) { return curl_easy_setopt(handle, option, value); }
inline CURLcode set(CURL* handle, CURLoption option, const char* value) {
  return curl_easy_setopt(handle, option, value);
}
inline CURLcode set(CURL* handle, CURLoption option, const std::string& value) {
  return curl_easy_setopt(handle, option, value.c_str());
}
inline CURLcode set(CURL* handle, CURLoption option, curl_slist* value) {
  return curl_easy_setopt(handle, option, value);
}
template <typename Result, typename... Parameters>
CURLcode set(CURL* handle, CURLoption option, Result (*function)(Parameters...)) {
  return curl_easy_setopt(handle, option, function);
}
inline CURLcode set_context(CURL* handle, CURLoption option, void* context) {
  return curl_easy_setopt(handle, option, context);
}
void set(CURL*, CURLoption, int) = delete;
void set(CURL*, CURLoption, bool) = delete;
void set(CURL*, CURLoption, double) = delete;

template <typename T>
T info(CURL* handle, CURLINFO what) {
  T value{};
  curl_easy_getinfo(handle, what, &value);
  return value;
}

}  // namespace bookafy::net
