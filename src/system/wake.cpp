#include "system/wake.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <vector>

#include "bookafy/error.hpp"

namespace bookafy::system {

Wake::Wake() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw Error(ErrorKind::internal, "cannot make an event descriptor");
}

Wake::~Wake() { close(descriptor_); }

void Wake::call() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(descriptor_, &one, sizeof one);
}

bool Wake::take() const {
  std::uint64_t calls = 0;
  return read(descriptor_, &calls, sizeof calls) == sizeof calls;
}

void wait_for_any(std::initializer_list<int> descriptors) {
  std::vector<pollfd> entries;
  for (const int descriptor : descriptors) entries.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
  poll(entries.data(), entries.size(), -1);
}

}  // namespace bookafy::system
