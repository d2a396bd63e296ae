#include "output/writer.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "bookafy/error.hpp"

namespace bookafy::output {
namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;

/// 0, or the errno of the write that failed.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Standard output may share a non-blocking pipe or terminal with another program.
      pollfd ready{descriptor, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

void FileWriter::write(std::string_view text) {
  if (closed_ || failed_) return;
  buffer_.append(text);
  if (buffer_.size() >= piece) flush();
}

void FileWriter::flush() {
  const int problem = write_all(descriptor_, buffer_);
  buffer_.clear();
  if (problem == 0) return;
  if (problem == EPIPE) {
    closed_ = true;
    return;
  }
  failed_ = true;
  throw Error(ErrorKind::internal,
              fmt::format("cannot write to standard output: {}", std::generic_category().message(problem)));
}

}  // namespace bookafy::output
