/// The search for invitees: a list of scheduled events, and the lists of their invitees.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/client_state.hpp"
#include "api/pages.hpp"

namespace bookafy {

struct InviteeSearch::State {
  State(Client& client, const std::shared_ptr<Connection>& connection, const InviteeQuery& query);

  std::optional<std::variant<Value, Error>> next();
  bool ready() const;
  bool refused() const { return events_ && events_->refused(); }

 private:
  struct Pending {
    Value event;
    Pages invitees;
  };
  bool ended() const;
  void list_events();
  void list_more_events();
  [[noreturn]] void fail(const Error& error);
  void request_invitees();
  void read_invitees();
  Pages invitees_of(const Resource& event);

  std::weak_ptr<Connection> connection_;  ///< the client's
  InviteeQuery query_;
  std::vector<std::string> invitee_fields_;
  std::optional<Pages> events_;
  bool more_events_ = true;       ///< there may be events that were not listed yet
  std::optional<Error> failure_;  ///< of the list of events
  std::deque<Value> listed_;      ///< events whose invitees were not requested yet
  std::deque<Pending> pending_;   ///< events whose invitees are being read
  std::deque<std::variant<Value, Error>> rows_;
  std::size_t found_ = 0;
};

}  // namespace bookafy
