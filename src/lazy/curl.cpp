#include <curl/curl.h>

#include <cstdarg>

#include "lazy/library.hpp"

// The types curl.h wraps its variadic functions in would hide these definitions.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

BOOKAFY_LIBRARY("libcurl.so.4", "libcurl4", "http", "Requests to the API")

namespace {

/// The first parameter's type: const-ness of curl_url_get's differs between versions of curl.h.
template <typename Function>
struct First;
template <typename Result, typename Type_, typename... Rest>
struct First<Result(Type_, Rest...)> {
  using Type = Type_;
};

/// Passes one variadic argument on with the type that the option's number range stands for (curl.h, CURLOPTTYPE_*).
template <typename Set>
auto pass_on(int option, std::va_list arguments, const Set& set) {
  if (option < CURLOPTTYPE_OBJECTPOINT) return set(va_arg(arguments, long));
  if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB) return set(va_arg(arguments, curl_off_t));
  return set(va_arg(arguments, void*));
}

}  // namespace

extern "C" {
BOOKAFY_PASS_ON(CURLcode, curl_global_init, (long flags), (flags))
BOOKAFY_PASS_ON(curl_version_info_data*, curl_version_info, (CURLversion age), (age))
BOOKAFY_PASS_ON(CURL*, curl_easy_init, (), ())
BOOKAFY_PASS_ON(void, curl_easy_cleanup, (CURL * handle), (handle))
BOOKAFY_PASS_ON(void, curl_easy_reset, (CURL * handle), (handle))
BOOKAFY_PASS_ON(const char*, curl_easy_strerror, (CURLcode code), (code))
BOOKAFY_PASS_ON(curl_slist*, curl_slist_append, (curl_slist * list, const char* text), (list, text))
BOOKAFY_PASS_ON(void, curl_slist_free_all, (curl_slist * list), (list))
BOOKAFY_PASS_ON(CURLM*, curl_multi_init, (), ())
BOOKAFY_PASS_ON(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi))
BOOKAFY_PASS_ON(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL* handle), (multi, handle))
BOOKAFY_PASS_ON(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL* handle), (multi, handle))
BOOKAFY_PASS_ON(CURLMcode, curl_multi_perform, (CURLM * multi, int* running), (multi, running))
BOOKAFY_PASS_ON(CURLMcode, curl_multi_poll, (CURLM * multi, curl_waitfd* fds, unsigned count, int timeout, int* ready),
                (multi, fds, count, timeout, ready))
BOOKAFY_PASS_ON(CURLMsg*, curl_multi_info_read, (CURLM * multi, int* left), (multi, left))
BOOKAFY_PASS_ON(const char*, curl_multi_strerror, (CURLMcode code), (code))
BOOKAFY_PASS_ON(CURLU*, curl_url, (), ())
BOOKAFY_PASS_ON(void, curl_url_cleanup, (CURLU * url), (url))
BOOKAFY_PASS_ON(CURLUcode, curl_url_get,
                (First<decltype(curl_url_get)>::Type url, CURLUPart part, char** text, unsigned flags),
                (url, part, text, flags))
BOOKAFY_PASS_ON(CURLUcode, curl_url_set, (CURLU * url, CURLUPart part, const char* text, unsigned flags),
                (url, part, text, flags))
BOOKAFY_PASS_ON(char*, curl_getenv, (const char* variable), (variable))
BOOKAFY_PASS_ON(void, curl_free, (void* memory), (memory))

#ifdef __clang__
// An enumeration before the dots is promoted, which the standard leaves undefined; curl.h declares these three so.
#pragma clang diagnostic ignored "-Wvarargs"
#endif

CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
  BOOKAFY_ORIGINAL(curl_easy_setopt);
  std::va_list arguments;
  va_start(arguments, option);
  auto code = pass_on(option, arguments, [&](auto value) { return original(handle, option, value); });
  va_end(arguments);
  return code;
}

CURLMcode curl_multi_setopt(CURLM* multi, CURLMoption option, ...) {
  BOOKAFY_ORIGINAL(curl_multi_setopt);
  std::va_list arguments;
  va_start(arguments, option);
  auto code = pass_on(option, arguments, [&](auto value) { return original(multi, option, value); });
  va_end(arguments);
  return code;
}

CURLcode curl_easy_getinfo(CURL* handle, CURLINFO info, ...) {
  BOOKAFY_ORIGINAL(curl_easy_getinfo);
  std::va_list arguments;
  va_start(arguments, info);
  auto* target = va_arg(arguments, void*);
  va_end(arguments);
  return original(handle, info, target);
}
}
