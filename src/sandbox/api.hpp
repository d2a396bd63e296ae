/// The sandbox's API without a socket: requests in, answers out.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "bookafy/http.hpp"
#include "sandbox/page.hpp"
#include "sandbox/rate_limit.hpp"
#include "sandbox/surroundings.hpp"
#include "sandbox/world.hpp"

namespace bookafy::sandbox {

class Api {
 public:
  /// `base_url` begins every URI in the answers. The world must outlive the Api, and whoever else touches it holds
  /// `mutex`. `complain`, which may be empty, gets the reason of every 500.
  Api(World& world, const Surroundings& surroundings, std::string base_url, int rate_limit,
      std::function<void(const std::string&)> complain = {});

  /// `request.url` is path and query. What was changed is on the disk, if the world has one, before this returns.
  /// Any thread; never throws.
  http::Response handle(const http::Request& request);

  std::mutex& mutex() { return mutex_; }

 private:
  struct Limited;
  Limited admit(const http::Request& request);

  World& world_;
  const Surroundings surroundings_;
  const std::function<void(const std::string&)> complain_;
  const std::string base_url_;
  std::mutex mutex_;
  RateLimit rate_limit_;
  PageTokens page_tokens_;
};

}  // namespace bookafy::sandbox
