// Subscriptions as the API answers them.
#include "bookafy/subscription.hpp"

#include "api/codec.hpp"
#include "bookafy/client.hpp"
#include "catch.hpp"

using namespace bookafy;

namespace {

const std::string full =
    R"({"callback_url":"https://hooks.test/a","created_at":"2026-11-23T09:15:42.118204Z","events":["b","a"],"group":null,)"
    R"("organization":"https://api.test/organizations/o","scope":"user","state":"active","uri":"https://api.test/webhook_subscriptions/s",)"
    R"("user":"https://api.test/users/u","future":[1]})";

}  // namespace

TEST_CASE("known members are read, unknown ones kept") {
  const Subscription subscription = to_subscription(codec::decode(full));
  CHECK(subscription.active());
  CHECK(subscription.events == std::vector<std::string>{"b", "a"});
  CHECK(owner(subscription) == "https://api.test/users/u");
  CHECK(codec::encode(subscription.document) == full);
}

TEST_CASE("what is no subscription is not taken for one") {
  for (const std::string text :
       {"{}", R"({"uri":"u"})", R"({"uri":"u","callback_url":"c"})", R"({"uri":"u","callback_url":"c","events":"e"})",
        R"({"uri":5,"callback_url":"c","events":[]})"}) {
    INFO(text);
    CHECK_THROWS_AS(to_subscription(codec::decode(text)), Error);
  }
}

TEST_CASE("the same place and the same events") {
  const Subscription present = to_subscription(codec::decode(full));
  const NewSubscription same{.url = "https://hooks.test/a",
                             .events = {"a", "b"},
                             .scope = Scope::user,
                             .organization = "http://127.0.0.1:1/organizations/o",
                             .user = "http://127.0.0.1:1/users/u"};
  CHECK(same_place(present, same));
  CHECK(same_events(present, same));
  auto differs = [&](auto change) {
    NewSubscription other = same;
    change(other);
    return !same_place(present, other) || !same_events(present, other);
  };
  CHECK(differs([](auto& one) { one.url += "/"; }));
  CHECK(differs([](auto& one) { one.scope = Scope::organization; }));
  CHECK(differs([](auto& one) { one.organization += "x"; }));
  CHECK(differs([](auto& one) { one.user += "x"; }));
  CHECK(differs([](auto& one) { one.events = {"a"}; }));
  CHECK(differs([](auto& one) { one.events = {"a", "b", "c"}; }));
}

TEST_CASE("the body of a create, with the key or without") {
  NewSubscription wished{.url = "https://hooks.test/a",
                         .events = {"a"},
                         .scope = Scope::group,
                         .organization = "o",
                         .group = "g",
                         .signing_key = Secret("key-1")};
  CHECK(
      codec::encode(subscription_body(wished, true)) ==
      R"({"url":"https://hooks.test/a","events":["a"],"scope":"group","organization":"o","group":"g","signing_key":"key-1"})");
  CHECK(codec::encode(subscription_body(wished, false)).find("key-1") == std::string::npos);
}
