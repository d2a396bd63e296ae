// The plan as a pure function: what is done to the state gives the wished state, and then nothing is left to do.
#include "bookafy/plan.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "catch.hpp"

using namespace bookafy;

namespace {

const std::string base = "https://api.example.org";

struct Place {
  Scope scope;
  std::string owner;
};

const std::vector<Place> places{
    {Scope::organization, "o1"}, {Scope::user, "u1"}, {Scope::user, "u2"}, {Scope::group, "g1"}, {Scope::group, "g2"}};

NewSubscription wish(const std::string& url, const Place& place, std::vector<std::string> events) {
  NewSubscription wished{.url = url, .events = std::move(events), .scope = place.scope};
  wished.organization = base + "/organizations/o1";
  if (place.scope == Scope::user) wished.user = base + "/users/" + place.owner;
  if (place.scope == Scope::group) wished.group = base + "/groups/" + place.owner;
  return wished;
}

Subscription made(const NewSubscription& wished, int number, const std::string& state = "active") {
  Subscription subscription;
  subscription.uri = base + "/webhook_subscriptions/s" + std::to_string(number);
  subscription.callback_url = wished.url;
  subscription.events = wished.events;
  subscription.scope = to_string(wished.scope);
  subscription.state = state;
  subscription.organization = wished.organization;
  subscription.user = wished.user;
  subscription.group = wished.group;
  return subscription;
}

/// What the API would hold once every step is done.
std::vector<Subscription> applied(const std::vector<Step>& steps, const std::vector<NewSubscription>& wished,
                                  std::vector<Subscription> present, int& number) {
  for (const Step& step : steps) {
    if (step.action != Action::keep)
      for (const Subscription& removed : step.present)
        std::erase_if(present, [&](const Subscription& one) { return one.uri == removed.uri; });
    if (step.action == Action::create || step.action == Action::replace)
      present.push_back(made(wished[step.wish.value()], ++number));
  }
  return present;
}

std::size_t count(const std::vector<Step>& steps, Action action) {
  return static_cast<std::size_t>(
      std::count_if(steps.begin(), steps.end(), [&](const Step& step) { return step.action == action; }));
}

/// Small alphabets, so that places meet often.
struct RandomState {
  std::mt19937 chance;
  int number = 0;

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(chance); }
  std::vector<std::string> events() {
    std::vector<std::string> chosen;
    for (const char* event : {"invitee.created", "invitee.canceled", "contact.created"})
      if (below(2) == 0) chosen.emplace_back(event);
    if (chosen.empty()) chosen.emplace_back("invitee.created");
    std::shuffle(chosen.begin(), chosen.end(), chance);
    return chosen;
  }
  NewSubscription one(std::size_t place_count) {
    return wish("https://hooks.example.org/" + std::to_string(below(4)), places[below(place_count)], events());
  }
  std::vector<NewSubscription> wishes() {
    std::vector<NewSubscription> wished;
    const std::size_t place_count = 1 + below(places.size());
    for (std::size_t wanted = below(8); wanted > 0; --wanted) {
      NewSubscription candidate = one(place_count);
      const bool taken = std::any_of(wished.begin(), wished.end(),
                                     [&](const auto& other) { return same_place(made(other, 0), candidate); });
      if (!taken) wished.push_back(std::move(candidate));
    }
    return wished;
  }
  /// With doubles now and then: the API should have none, the plan must not care.
  std::vector<Subscription> state() {
    std::vector<Subscription> present;
    for (std::size_t wanted = below(10); wanted > 0; --wanted)
      present.push_back(made(one(places.size()), ++number, below(4) == 0 ? "disabled" : "active"));
    return present;
  }
};

bool fulfilled(const NewSubscription& wished, const std::vector<Subscription>& present) {
  return std::any_of(present.begin(), present.end(), [&](const Subscription& one) {
    return one.active() && same_place(one, wished) && same_events(one, wished);
  });
}

bool spoken_of(const Subscription& one, const std::vector<NewSubscription>& wished) {
  return std::any_of(wished.begin(), wished.end(), [&](const auto& other) { return same_owner(one, other); });
}

}  // namespace

TEST_CASE("doing what the plan says gives the wished state, and a second plan keeps all") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    RandomState random{std::mt19937(seed)};
    const auto wished = random.wishes();
    const auto present = random.state();
    const bool prune = random.below(2) == 0;
    const auto steps = plan(wished, present, {.prune = prune});
    const auto after = applied(steps, wished, present, random.number);
    INFO("seed " << seed);

    for (const auto& one : wished) REQUIRE(fulfilled(one, after));
    const auto again = plan(wished, after, {.prune = prune});
    REQUIRE(count(again, Action::keep) == again.size());
    REQUIRE(again.size() == wished.size());

    // What nobody spoke of is untouched; with prune nothing else is left.
    for (const Subscription& one : present) {
      const bool is_left =
          std::any_of(after.begin(), after.end(), [&](const auto& other) { return other.uri == one.uri; });
      if (!spoken_of(one, wished)) REQUIRE(is_left);
      const bool wished_place =
          std::any_of(wished.begin(), wished.end(), [&](const auto& other) { return same_place(one, other); });
      if (!prune && !wished_place) REQUIRE(is_left);
    }
    if (prune)
      for (const auto& one : wished) {
        const auto there = std::count_if(after.begin(), after.end(),
                                         [&](const Subscription& other) { return same_place(other, one); });
        REQUIRE(there == 1);
      }
    if (prune)
      REQUIRE(std::count_if(after.begin(), after.end(), [&](const auto& one) { return spoken_of(one, wished); }) ==
              static_cast<std::ptrdiff_t>(wished.size()));
  }
}

TEST_CASE("what is there and equal is kept, whatever the order of its events and the host of its owner") {
  auto wished = wish("https://hooks.example.org/a", places[1], {"invitee.created", "invitee.canceled"});
  auto present = made(wished, 1);
  std::reverse(present.events.begin(), present.events.end());
  present.user = "https://other.example.org/users/u1";
  const auto steps = plan(std::vector{wished}, std::vector{present}, {});
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].action == Action::keep);
  CHECK(steps[0].reason.empty());
  CHECK(steps[0].present.front().uri == present.uri);
}

TEST_CASE("a replacement says why") {
  const auto wished = wish("https://hooks.example.org/a", places[1], {"invitee.created", "contact.created"});
  auto reason = [&](std::vector<std::string> events, const std::string& state) {
    auto present = made(wished, 1, state);
    present.events = std::move(events);
    const auto steps = plan(std::vector{wished}, std::vector{present}, {});
    REQUIRE(steps.size() == 1);
    CHECK(steps[0].action == Action::replace);
    return steps[0].reason;
  };
  CHECK(reason({"invitee.created"}, "active") == "events differ: +contact.created");
  CHECK(reason({"invitee.canceled", "invitee.created"}, "active") ==
        "events differ: +contact.created -invitee.canceled");
  CHECK(reason({"contact.created", "invitee.created"}, "disabled") == "its state is disabled");
  CHECK(reason({"contact.created"}, "disabled") == "its state is disabled; events differ: +invitee.created");
}

TEST_CASE("another URL, scope or owner is another subscription") {
  const auto wished = wish("https://hooks.example.org/a", places[1], {"invitee.created"});
  std::vector<Subscription> present;
  present.push_back(made(wish("https://hooks.example.org/a/", places[1], {"invitee.created"}), 1));
  present.push_back(made(wish("https://hooks.example.org/a", places[2], {"invitee.created"}), 2));
  present.push_back(made(wish("https://hooks.example.org/a", places[0], {"invitee.created"}), 3));
  const auto steps = plan(std::vector{wished}, present, {.prune = true});
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].action == Action::create);
  CHECK(steps[1].action == Action::remove);
  CHECK(steps[1].present.front().uri == present[0].uri);
}

TEST_CASE("only what is meant is in the plan, and the file's owners stay those of the whole file") {
  const std::vector wished{wish("https://hooks.example.org/a", places[0], {"invitee.created"}),
                           wish("https://hooks.example.org/b", places[1], {"invitee.created"})};
  const std::vector present{made(wish("https://hooks.example.org/b/old", places[0], {"invitee.created"}), 1),
                            made(wish("https://hooks.example.org/c", places[1], {"invitee.created"}), 2)};
  auto is_b = [](std::string_view url) { return url.find("/b") != std::string_view::npos; };
  const auto steps = plan(wished, present, {.prune = true, .only = is_b});
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].action == Action::create);
  CHECK(steps[0].wish == 1u);
  CHECK(steps[1].action == Action::remove);
  CHECK(steps[1].present.front().uri == present[0].uri);
}

TEST_CASE("no wishes speak of no scope, so prune removes nothing") {
  const std::vector present{made(wish("https://hooks.example.org/a", places[0], {"invitee.created"}), 1)};
  CHECK(plan({}, present, {.prune = true}).empty());
}
