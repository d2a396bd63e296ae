#include "output/writer.hpp"

#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "bookafy/error.hpp"
#include "bookafy/http.hpp"
#include "system/signals.hpp"

namespace bookafy::output {
namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;

// What a reader who is alive needs to take something, once a signal has asked to stop.
constexpr int patience_milliseconds = 50;

/// Waits for a reader who takes his time, but not once a signal has asked to stop: then http::Interrupted is thrown.
/// Returns how much can be written without waiting on.
std::size_t await_room(int descriptor) {
  if (descriptor < 0) return std::string_view::npos;  // which poll would wait for in vain
  std::array<pollfd, 2> entries{{{descriptor, POLLOUT, 0}, {system::signal_descriptor(), POLLIN, 0}}};
  poll(entries.data(), entries.size(), -1);
  const int signal = system::pending_signal();
  if (signal == 0) return std::string_view::npos;
  if (poll(entries.data(), 1, patience_milliseconds) == 0) throw http::Interrupted{signal, {}};
  return PIPE_BUF;  // poll(2): so much never blocks
}

/// 0, or the errno of the write that failed.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), std::min(text.size(), await_room(descriptor)));
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
      return errno;
  }
  return 0;
}

}  // namespace

void FileWriter::write(std::string_view text) {
  if (closed_ || failed_) return;
  buffer_.append(text);
  if (buffer_.size() >= piece) flush();
}

bool FileWriter::has_reader() const {
  pollfd entry{descriptor_, 0, 0};
  return !closed_ && (poll(&entry, 1, 0) != 1 || (entry.revents & POLLERR) == 0);
}

void FileWriter::flush() {
  // What an interruption leaves of it is not tried again.
  const int problem = write_all(descriptor_, std::exchange(buffer_, {}));
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
