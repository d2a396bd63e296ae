#include "sandbox/seed.hpp"

#include <array>

#include "sandbox/document.hpp"
#include "sandbox/seed_bookings.hpp"

namespace bookafy::sandbox {
namespace {

using namespace std::chrono_literals;

struct Person {
  std::string_view path;
  std::string_view organization;
  std::string_view role;
  std::string_view group;  ///< empty: in none
  std::string_view group_role;
  std::string_view name;
  std::string_view slug;
  std::string_view timezone;
  std::string_view created_at;
};

/// Names as people write them: diacritics composed and combining (the Vietnamese one), right to left, wide characters.
constexpr std::array people{
    Person{seed::owner, seed::organization, "owner", "", "", "Mara Lindt", "mara-lindt", "Europe/Vienna",
           "2025-02-11T08:04:10.402117Z"},
    Person{seed::admin, seed::organization, "admin", "", "", "Zoë Öztürk", "zoe-ozturk", "Europe/Istanbul",
           "2025-02-12T09:15:00.118004Z"},
    Person{seed::member, seed::organization, "user", seed::other_group, "member", "Tomás Ó Briain", "tomas-o-briain",
           "Europe/Dublin", "2025-03-01T10:00:41.000912Z"},
    Person{seed::group_admin, seed::organization, "user", seed::group, "admin", "Олена Шевченко", "olena-shevchenko",
           "Europe/Kiev", "2025-03-03T07:30:12.650031Z"},
    Person{"/users/0a7c2f4e-91b3-4d58-8e6f-7b1c3d5a9e02", seed::organization, "user", seed::group, "member", "林美玲",
           "lin-meiling", "Asia/Taipei", "2025-04-17T02:11:09.334455Z"},
    Person{"/users/58d1e9b7-3c60-4f2a-a4b8-e06f7c192d35", seed::organization, "user", seed::group, "member",
           "نور الحداد", "nour-alhaddad", "Asia/Amman", "2025-05-20T06:45:37.870210Z"},
    Person{"/users/b3f60d21-7e4a-4c95-9d18-2c5b8a7f6e41", seed::organization, "user", seed::other_group, "member",
           "Pha\u0323m Thi\u0323 A\u0301nh", "pham-thi-anh", "Asia/Ho_Chi_Minh", "2025-08-02T03:20:55.001122Z"},
    Person{seed::basic_owner, seed::basic_organization, "owner", "", "", "Ingrid Åkesson", "ingrid-akesson",
           "Europe/Stockholm", "2026-01-15T12:00:00.250250Z"},
};

struct Numbered {
  std::string_view collection;
  std::string_view digits;  ///< of the collection's ids
};
constexpr Numbered memberships{"/organization_memberships/", "4d0a6b1c"};
constexpr Numbered relationships{"/group_relationships/", "8e2f7a30"};

std::string path(const Numbered& kind, std::size_t n) {
  const std::string tail = std::to_string(100000000000 + n * 7919);
  return std::string(kind.collection).append(kind.digits).append("-5c2e-4b8d-9f17-").append(tail);
}

Value organization(std::string_view path, std::string_view name, std::string_view plan, std::string_view stage,
                   std::int64_t id, std::string_view created_at) {
  return Value::Object{
      {"created_at", created_at}, {"id", id},   {"kind", "single"}, {"name", name}, {"plan", plan}, {"stage", stage},
      {"updated_at", created_at}, {"uri", path}};
}

Value group(std::string_view path, std::string_view name, std::string_view created_at) {
  return Value::Object{{"created_at", created_at},
                       {"name", name},
                       {"organization", seed::organization},
                       {"updated_at", created_at},
                       {"uri", path}};
}

void add_people(Changes& world) {
  for (const Person& person : people)
    world.add(user_document(
        {person.path, person.organization, person.name, person.slug, person.timezone, std::string(person.created_at)}));
  for (std::size_t i = 0; i < people.size(); ++i) {
    const Person& person = people[i];
    world.add(Value::Object{{"created_at", person.created_at},
                            {"organization", person.organization},
                            {"role", person.role},
                            {"updated_at", person.created_at},
                            {"uri", path(memberships, i)},
                            {"user", person.path}});
    if (person.group.empty()) continue;
    world.add(Value::Object{
        {"group", person.group}, {"role", person.group_role}, {"uri", path(relationships, i)}, {"user", person.path}});
  }
}

/// The owner's document again: the API's own example was changed since.
Value owner_document() {
  const Person& person = people.front();
  Value document = user_document(
      {person.path, person.organization, person.name, person.slug, person.timezone, std::string(person.created_at)});
  document.set("updated_at", "2026-10-30T16:20:01.000412Z");
  return document;
}

}  // namespace

std::vector<Record> seed_world() {
  Changes world;
  world.add(organization(seed::organization, "Lindt & Öztürk Consulting", "teams", "paid", 1048271,
                         "2025-02-11T08:04:10.388002Z"));
  world.add(organization(seed::basic_organization, "Åkessons Cykelverkstad", "basic", "free", 1390522,
                         "2026-01-15T12:00:00.231004Z"));
  add_people(world);
  world.add(owner_document());
  world.add(group(seed::group, "Consulting", "2025-03-03T08:00:00.415006Z"));
  world.add(group(seed::other_group, "Support", "2025-03-04T08:00:00.902113Z"));
  add_bookings(world);
  return std::move(world.put);
}

}  // namespace bookafy::sandbox
