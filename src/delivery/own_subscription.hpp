/// The subscription that a listener makes for itself and takes away again.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "bookafy/client.hpp"
#include "bookafy/timestamp.hpp"
#include "system/file_lock.hpp"

namespace bookafy::delivery {

struct OwnSubscriptionOptions {
  std::string folder;   ///< where records of such subscriptions are kept
  std::string api_url;  ///< which API they belong to
  NewSubscription wished;
  /// Runs something with a client that the signal to stop does not interrupt.
  std::function<void(const std::function<void(Client&)>&)> with_client;
  std::function<void(const std::string&)> warn;
};

/// Deletes no subscription but its own: the one whose URI the API answered, or, after a lost response, the only one
/// with its URL, scope, owner and events that the account did not have before and that the server created since. A
/// record on disk tells the next listener the URI of what a killed one has left behind.
class OwnSubscription {
 public:
  explicit OwnSubscription(OwnSubscriptionOptions options);
  OwnSubscription(const OwnSubscription&) = delete;
  OwnSubscription& operator=(const OwnSubscription&) = delete;
  /// Deletes the subscription. A failure is a warning, and the deletion is left to the next sweep.
  ~OwnSubscription();

  /// What the next listener has to know.
  struct Record {
    std::string api_url;
    std::string url;
    std::string uri;  ///< empty until the API has answered
  };

  /// Makes it. Throws Error and http::Interrupted.
  Subscription create(Client& client);

 private:
  /// What the account had before the create.
  struct Before {
    Timestamp date;              ///< by the server's clock, rounded down
    std::set<std::string> uris;  ///< of the newest subscriptions
  };
  static std::optional<Before> list_newest(Client& client, const NewSubscription& wished);
  bool is_own(const Subscription& subscription) const;
  void find_after_lost_response(Client& client);
  void remove(Client& client);
  void write_record() const;

  OwnSubscriptionOptions options_;
  std::string file_;
  std::optional<system::FileLock> lock_;
  std::optional<Before> before_;
  Certainty created_ = Certainty::no;
  std::string uri_;  ///< known when `created_` is yes
};

/// Deletes the subscriptions of this API whose URIs killed listeners of the local machine have recorded. `swept` is
/// told each URI. A record without one proves nothing: it leads to a warning. What fails is a warning, too.
void sweep_left_behind(const std::string& folder, const std::string& api_url, Client& client,
                       const std::function<void(const std::string&)>& swept,
                       const std::function<void(const std::string&)>& warn);

}  // namespace bookafy::delivery
