#include "system/input.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "bookafy/error.hpp"
#include "bookafy/http.hpp"
#include "system/signals.hpp"
#include "system/terminal.hpp"

namespace bookafy::system {

std::optional<std::string> Input::line() {
  auto end = buffer_.find('\n', start_);
  while (end == std::string::npos && !ended_) {
    if (buffer_.size() - start_ > longest_line) throw Error(ErrorKind::usage, name_ + " has a line of over 16 MiB");
    buffer_.erase(0, start_);
    start_ = 0;
    const std::size_t searched = buffer_.size();
    if (auto more = read_some())
      buffer_ += *more;
    else
      ended_ = true;
    end = buffer_.find('\n', searched);
  }
  if (end == std::string::npos && start_ == buffer_.size()) return std::nullopt;
  std::string text = buffer_.substr(start_, end == std::string::npos ? end : end - start_);
  start_ = end == std::string::npos ? buffer_.size() : end + 1;
  if (!text.empty() && text.back() == '\r') text.pop_back();
  return text;
}

bool Input::line_ready() { return ended_ || buffer_.find('\n', start_) != std::string::npos || has_more_now(); }

std::string Input::rest(std::size_t limit) {
  std::string text = buffer_.substr(start_);
  buffer_.clear();
  start_ = 0;
  while (!ended_ && text.size() <= limit) {
    if (auto more = read_some())
      text += *more;
    else
      ended_ = true;
  }
  if (text.size() > limit) throw Error(ErrorKind::usage, name_ + " is larger than " + std::to_string(limit) + " bytes");
  return text;
}

std::string Input::hidden_line(const std::string&, std::size_t) {
  throw Error(ErrorKind::internal, name_ + " is not a terminal");
}

std::optional<std::string> FileInput::read_some() {
  std::string piece(std::size_t{64} * 1024, '\0');
  while (true) {
    // A signal just before a plain read would not end it.
    std::array<pollfd, 2> entries{{{descriptor_, POLLIN, 0}, {signal_descriptor(), POLLIN, 0}}};
    poll(entries.data(), entries.size(), -1);
    throw_pending_signal();
    if (entries[0].revents == 0) continue;
    const auto count = read(descriptor_, piece.data(), piece.size());
    if (count == 0) return std::nullopt;
    if (count > 0) {
      piece.resize(static_cast<std::size_t>(count));
      return piece;
    }
    if (errno != EINTR && errno != EAGAIN)
      throw Error(ErrorKind::usage, "cannot read " + name() + ": " + std::generic_category().message(errno));
  }
}

bool FileInput::has_more_now() {
  pollfd entry{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return poll(&entry, 1, 0) != 0;
}

bool FileInput::is_terminal() const { return system::is_terminal(descriptor_); }

std::string FileInput::hidden_line(const std::string& prompt, std::size_t limit) {
  return read_hidden_line(descriptor_, prompt, limit);
}

}  // namespace bookafy::system
