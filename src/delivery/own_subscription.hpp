/// The subscription that a listener makes for itself and takes away again.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bookafy/client.hpp"
#include "bookafy/timestamp.hpp"
#include "system/file_lock.hpp"

namespace bookafy::delivery {

struct OwnSubscriptionOptions {
  std::string folder;   ///< where records of such subscriptions are kept
  std::string api_url;  ///< which API they belong to
  NewSubscription wished;
  Timestamp now{};
  /// Runs something with a client that the signal to stop does not interrupt.
  std::function<void(const std::function<void(Client&)>&)> with_client;
  std::function<void(const std::string&)> warn;
};

/// A record on disk, made before the subscription is, tells the next listener what one that was killed has left behind.
class OwnSubscription {
 public:
  explicit OwnSubscription(OwnSubscriptionOptions options);
  OwnSubscription(const OwnSubscription&) = delete;
  OwnSubscription& operator=(const OwnSubscription&) = delete;
  /// Deletes the subscription, also when it is not known whether creating it succeeded. What fails is a warning, and
  /// left to the next sweep.
  ~OwnSubscription();

  /// What the next listener has to know.
  struct Record {
    std::string api_url;
    std::string url;
    std::string scope;
    std::string organization;
    std::string user;
    std::string begun;  ///< when creating it began
    std::string uri;    ///< empty until the API has answered
  };

  /// Makes it. Throws as Client::create does.
  Subscription create(Client& client);

 private:
  Record record() const;
  void write_record();

  OwnSubscriptionOptions options_;
  std::string file_;
  std::optional<system::FileLock> lock_;
  std::string uri_;        ///< empty until the API has answered
  bool recorded_ = false;  ///< so that there may be a subscription
};

/// Deletes the subscriptions that listeners of this API and this machine have left behind. What fails is a warning.
/// `swept` is told the URI of each.
void sweep_left_behind(const std::string& folder, const std::string& api_url, Client& client,
                       const std::function<void(const std::string&)>& swept,
                       const std::function<void(const std::string&)>& warn);

}  // namespace bookafy::delivery
