/// A sandbox whose deliveries go where the test says.
#pragma once

#include <set>

#include "sandbox/api_fixture.hpp"
#include "sandbox/outbox.hpp"

namespace bookafy::sandbox {

/// The text at this path of the document, else empty.
inline std::string text_at(const Value& document, std::string_view path) {
  const Value* found = document.at_path(path);
  const std::string* text = found ? found->string() : nullptr;
  return text ? *text : "";
}

/// Makes bookings and sends deliveries of a world.
struct Deliveries {
  Deliveries(FixedSurroundings& fixed_surroundings, World& given_world, Api& given_api)
      : fixed(fixed_surroundings),
        world(given_world),
        api(given_api),
        outbox(world, fixed.surroundings(), SandboxTransport::base_url) {}

  Value post(std::string_view token, std::string target, const Value& body = Value::Object()) {
    const auto response = api.handle(
        {"POST", std::move(target), {{"Authorization", "Bearer sandbox-" + std::string(token)}}, codec::encode(body)});
    INFO(response.body);
    REQUIRE(response.status == 201);
    return *codec::decode(response.body).find("resource");
  }

  /// Somebody books with the user; the invitee.
  Value book(std::string_view host = seed::owner, std::string_view token = "owner") {
    return post(token, "/sandbox/bookings", Value::Object{{"host", full(host)}});
  }

  /// Begins what is due and gives all of it the same end. The requests.
  std::vector<http::Request> send(const http::Outcome& outcome) {
    std::vector<http::Request> requests;
    std::vector<http::Completed> ended;
    for (Attempt& attempt : outbox.begin()) {
      requests.push_back(std::move(attempt.request));
      ended.push_back({attempt.id, outcome});
    }
    outbox.finish(ended);
    return requests;
  }
  std::vector<http::Request> send(int status) { return send(http::Response{status, {}, {}}); }

  const Value& document(std::string_view path) const { return world.find(path)->document; }
  /// The n-th delivery ever made.
  const Value& delivery(std::size_t n) const {
    return std::next(world.all("deliveries").begin(), static_cast<std::ptrdiff_t>(n))->second.document;
  }

  FixedSurroundings& fixed;
  World& world;
  Api& api;
  Outbox outbox;
};

struct DeliveriesFixture : ApiFixture {
  Deliveries deliveries{fixed, world, api};
};

/// Where the requests went.
inline std::multiset<std::string> urls(const std::vector<http::Request>& requests) {
  std::multiset<std::string> urls;
  for (const auto& request : requests) urls.insert(request.url);
  return urls;
}

inline Value envelope(const http::Request& request) { return codec::decode(request.body); }

}  // namespace bookafy::sandbox
