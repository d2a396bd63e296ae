/// The resources a user names: as arguments, or on standard input as lines or webhook deliveries.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "bookafy/client.hpp"
#include "commands/context.hpp"
#include "commands/tally.hpp"

namespace bookafy::commands {

class ResourceInput final : public ResourceSource {
 public:
  /// Arguments are checked at once: throws Error (usage). What standard input holds is checked as it comes, and what
  /// names nothing goes to the tally as a failure.
  ResourceInput(const std::vector<std::string>& arguments, Context& context, Tally& tally);

  bool ready() override;
  std::optional<Resource> next() override;

  /// Nobody reads the results any more: there is nothing left to look up.
  void stop();
  /// Of the arguments; standard input is not looked at.
  const std::deque<Resource>& named() const { return named_; }
  bool reads_standard_input() const { return reads_standard_input_; }

 private:
  void read_line();
  void read_document(const std::string& text);
  void take(const std::string& text);
  void warn_of_host(const Resource& resource);

  Context& context_;
  Tally& tally_;
  std::deque<Resource> named_;
  bool reads_standard_input_ = false;
  bool ended_ = false;
  bool warned_ = false;
};

}  // namespace bookafy::commands
