#include "delivery/notices.hpp"

#include <fmt/format.h>

#include <utility>

namespace bookafy::delivery {
namespace {

constexpr std::size_t most_lines = 1000;
constexpr std::size_t longest_line = 500;

}  // namespace

void Notices::say(std::string line) {
  if (line.size() > longest_line) line.replace(longest_line, line.size(), "…");
  {
    const std::lock_guard lock(mutex_);
    if (lines_.size() < most_lines)
      lines_.push_back(std::move(line));
    else
      ++dropped_;
  }
  wake_.call();
}

std::deque<std::string> Notices::take() {
  wake_.take();
  const std::lock_guard lock(mutex_);
  std::deque<std::string> lines = std::exchange(lines_, {});
  if (const auto count = std::exchange(dropped_, 0); count > 0)
    lines.push_back(fmt::format("{} more messages had no room", count));
  return lines;
}

}  // namespace bookafy::delivery
