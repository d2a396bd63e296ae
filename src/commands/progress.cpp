#include "commands/progress.hpp"

#include <fmt/format.h>

namespace bookafy::commands {
namespace {

constexpr std::size_t bar_width = 30;
constexpr std::chrono::milliseconds quiet_time{1000};
constexpr std::chrono::milliseconds between{100};

std::string bar(std::size_t done, std::size_t total) {
  const std::size_t filled = done * bar_width / total;
  return fmt::format("[{:=<{}}{: <{}}] {} of {}", "", filled, "", bar_width - filled, done, total);
}

}  // namespace

Progress::Progress(Context& context, std::size_t total)
    : context_(context), total_(total), next_(context.steady_now() + quiet_time) {}

void Progress::step() {
  ++done_;
  const auto now = context_.steady_now();
  if (now < next_) return;
  next_ = now + between;
  context_.messages.status(total_ > 1 && done_ <= total_ ? bar(done_, total_) : fmt::format("{} done", done_));
}

void Progress::clear() { context_.messages.status(""); }

}  // namespace bookafy::commands
