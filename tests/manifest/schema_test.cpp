// The JSON Schema that editors complete a file by says what the reader of the file says.
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "api/codec.hpp"
#include "bookafy/error.hpp"
#include "bookafy/event.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "manifest/manifest.hpp"

using namespace bookafy;

namespace {

Value schema() {
  std::stringstream text;
  text << std::ifstream(std::string(built::source_dir) + "/src/manifest/subscriptions.schema.json").rdbuf();
  return codec::decode(text.str());
}

std::set<std::string> names(const Value& schema, const std::string& path) {
  std::set<std::string> found;
  const Value* list = schema.at_path(path);
  REQUIRE(list);
  REQUIRE(list->array());
  for (const Value& one : *list->array()) found.insert(*one.string());
  return found;
}

std::set<std::string> events_for(const std::vector<Scope>& scopes) {
  std::set<std::string> found;
  for (const Event& event : known_events())
    if (std::equal(scopes.begin(), scopes.end(), event.scopes.begin(), event.scopes.end()))
      found.insert(std::string(event.name));
  return found;
}

}  // namespace

TEST_CASE("the schema knows the events and the scopes that they are bound to") {
  const Value whole = schema();
  std::set<std::string> all;
  for (const Event& event : known_events()) all.insert(std::string(event.name));
  CHECK(names(whole, "definitions.event.enum") == all);
  const auto of_organization = events_for({Scope::organization});
  const auto of_user = events_for({Scope::user});
  CHECK(names(whole, "definitions.organization_event.enum") == of_organization);
  CHECK(names(whole, "definitions.user_event.enum") == of_user);
  const auto free = std::count_if(known_events().begin(), known_events().end(), [](const Event& event) {
    return std::all_of(all_scopes.begin(), all_scopes.end(), [&](Scope scope) { return allows(event, scope); });
  });
  CHECK(static_cast<std::size_t>(free) + of_organization.size() + of_user.size() == all.size());
}

TEST_CASE("the schema knows the keys that the reader knows") {
  const Value whole = schema();
  const Value* properties = whole.at_path("definitions.subscription.properties");
  REQUIRE(properties);
  REQUIRE(properties->object());
  for (const auto& [key, ignored] : *properties->object()) {
    INFO(key);
    try {
      manifest::read("subscriptions: [{" + key + ": [[]]}]", "f");
      FAIL();
    } catch (const Error& error) {
      CHECK(std::none_of(error.details.begin(), error.details.end(), [](const ErrorDetail& detail) {
        return detail.message.find("unknown key") != std::string::npos;
      }));
    }
  }
  CHECK(properties->object()->size() == 8);
  CHECK(*whole.at_path("definitions.subscription.properties.events.maxItems")->integer() == manifest::most_events);
}
