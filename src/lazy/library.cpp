#include "lazy/library.hpp"

#include <dlfcn.h>

#include <mutex>
#include <string>

#include "bookafy/error.hpp"

namespace bookafy::lazy {

void* Library::symbol(const char* name) {
  static std::mutex mutex;  // threads may be the first to call two functions at once
  const std::lock_guard lock(mutex);
  if (!handle_) handle_ = dlopen(file_, RTLD_NOW | RTLD_LOCAL);
  void* found = handle_ ? dlsym(handle_, name) : nullptr;
  if (found) return found;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc keeps it for each thread
  Error error(ErrorKind::internal, std::string(file_) + " cannot be loaded: " + dlerror());
  error.hint = std::string("install it; on Debian and Ubuntu: apt-get install ") + package_;
  throw error;
}

}  // namespace bookafy::lazy
