/// Invitees by the people they are and the meetings they booked.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bookafy/client.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

/// The columns of a list of invitees with their scheduled events.
std::vector<std::string> invitee_columns();

/// Throws Error (usage) unless the text is one e-mail address; `source` names the option or argument.
void check_email(const std::string& text, const std::string& source);

struct InviteeLookupOptions {
  InviteeQuery query{};               ///< its owner, e-mail address and `refusal_is_empty` are set by the lookup
  Owner owner{};                      ///< as given on the command line
  std::vector<std::string> emails{};  ///< whose rows; empty: everybody's
  bool merge = false;                 ///< all addresses' rows in the order of the query, not address after address
};

/// Searches the whole organization where the role allows it, else the meetings of the token's user. Several addresses
/// are searched side by side.
class InviteeLookup {
 public:
  InviteeLookup(InviteeLookupOptions options, Context& context);

  /// As InviteeSearch.
  std::optional<std::variant<Value, Error>> next();
  bool ready() const;
  /// How many invitees were found for the address with this index.
  std::size_t found(std::size_t address) const { return parts_[address].found; }

 private:
  using Row = std::variant<Value, Error>;
  struct Part {
    std::string email;
    std::optional<InviteeSearch> search{};
    std::optional<Row> row{};  ///< the next one
    bool ended = false;
    std::size_t found = 0;
  };
  void set_owner();
  void start(Part& part);
  void start_ahead();
  void fill(Part& part);
  bool search_own_meetings(Part& part);
  Part* next_part();

  Context& context_;
  InviteeLookupOptions options_;
  std::string organization_given_;  ///< URI; empty when it was learnt from the token's user
  std::string user_;                ///< the token's user, once known
  std::vector<Part> parts_;
  std::size_t current_ = 0;  ///< the first part that has not ended, unless merged
  std::size_t total_ = 0;
};

}  // namespace bookafy::commands
