/// The resources a user names: as arguments, or on standard input as lines or webhook deliveries.
#pragma once

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "bookafy/client.hpp"
#include "commands/context.hpp"
#include "commands/tally.hpp"

namespace bookafy::commands {

std::string without_blanks(const std::string& line);

/// The subscription that a user names for a change: the URI, path or bare id, and nothing more. Throws Error (usage),
/// for an http or https URL with `url_hint`.
Resource named_subscription(const std::string& text, std::string_view url_hint);

/// Warns when a URI names another host than the configured API, where requests go in any case; returns whether it did.
bool warn_of_other_host(const Resource& resource, Context& context);

class ResourceInput final : public ResourceSource {
 public:
  /// Arguments are checked at once: throws Error (usage). What standard input holds is checked as it comes, and what
  /// names nothing goes to the tally as a failure.
  ResourceInput(const std::vector<std::string>& arguments, Context& context, Tally& tally);

  bool ready() override;
  /// nullopt at the end, and before an e-mail address.
  std::optional<Resource> next() override;
  /// The e-mail addresses that come next, as far as they can be read without waiting; empty when there is none.
  std::vector<std::string> take_emails();

  /// Of the arguments; standard input is not read. An e-mail address stands for invitees.
  std::vector<ResourceKind> kinds() const;
  bool reads_standard_input() const { return reads_standard_input_; }

 private:
  using Item = std::variant<Resource, std::string>;  ///< or an e-mail address

  static std::optional<Item> parse(const std::string& text);
  bool email_is_next();
  void read_line();
  void read_document(const std::string& text);
  void take(const std::string& text);
  Context& context_;
  Tally& tally_;
  std::deque<Item> named_;
  bool reads_standard_input_ = false;
  bool ended_ = false;
  bool warned_ = false;
};

}  // namespace bookafy::commands
