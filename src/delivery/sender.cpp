#include "delivery/sender.hpp"

namespace bookafy::delivery {

http::Request signed_delivery(const std::string& url, std::string body, const SigningKey* key,
                              std::chrono::sys_seconds time) {
  http::Request request{.method = "POST", .url = url, .headers = {}, .body = std::move(body)};
  request.headers = {
      {"User-Agent", "Bookafy"}, {"Content-Type", "application/json"}, {"Accept", "*/*"}, {"Accept-Encoding", "gzip"}};
  if (key) request.headers.push_back({std::string(signature_header_name), key->sign(time, request.body)});
  return request;
}

void send_all(const SenderOptions& options, http::Transport& transport,
              const std::function<std::optional<std::string>()>& next,
              const std::function<void(std::uint64_t, const http::Outcome&)>& done) {
  std::optional<SigningKey> key;
  if (options.signing_key) key.emplace(*options.signing_key);
  std::uint64_t number = 0;
  std::size_t under_way = 0;
  for (bool more = true; more || under_way > 0;) {
    while (more && under_way < options.at_once) {
      auto body = next();
      more = body.has_value();
      if (!more) break;
      transport.start(number++, signed_delivery(options.url, std::move(*body), key ? &*key : nullptr, options.now()));
      ++under_way;
    }
    if (under_way == 0) return;
    for (const http::Completed& one : transport.wait(std::chrono::steady_clock::now() + std::chrono::hours(1))) {
      --under_way;
      done(one.id, one.outcome);
    }
  }
}

}  // namespace bookafy::delivery
