/// One request as a route sees it, and the table of routes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/access.hpp"
#include "sandbox/page.hpp"
#include "sandbox/refusal.hpp"

namespace bookafy::sandbox {

struct Call {
  World& world;
  Access access;
  const Token& token;
  std::string user;  ///< path of who asks
  Value body;        ///< an object; empty when none came
  Value query;
  std::string path;  ///< of the object that the request's path names
  Timestamp now;
  const Surroundings& surroundings;
  ListRequest list;

  /// The object of that path. Throws the 404.
  const Record& known(std::string_view wanted) const;
  const Record& target() const { return known(path); }
};

/// References in documents are paths; Api makes full URIs of them.
struct Answer {
  int status = 200;
  Value document;  ///< null: no body
};

/// `{"resource": …}`
Answer resource(const Value& document, int status = 200);
/// The records of a collection that pass the test.
template <typename Test>
std::vector<const Record*> select(const World::Table& table, const Test& test) {
  std::vector<const Record*> chosen;
  for (const auto& [number, record] : table)
    if (test(record.document)) chosen.push_back(&record);
  return chosen;
}

struct Route {
  std::string_view method;
  std::string_view pattern;      ///< `*` stands for an id
  std::string_view token_scope;  ///< empty: the route looks for itself
  Answer (*run)(Call&);
};

std::span<const Route> subscription_routes();
std::span<const Route> account_routes();
std::span<const Route> booking_routes();
std::span<const Route> form_routes();
std::span<const Route> control_routes();

}  // namespace bookafy::sandbox
