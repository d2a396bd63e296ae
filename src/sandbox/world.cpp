#include "sandbox/world.hpp"

#include <algorithm>

#include "sandbox/outbox.hpp"

namespace bookafy::sandbox {
namespace {

void sort_keys(Value& document) {
  auto& members = *document.object();
  std::stable_sort(members.begin(), members.end(),
                   [](const Value::Member& a, const Value::Member& b) { return a.first < b.first; });
}

}  // namespace

World::World(std::vector<Record> records) { apply({std::move(records), {}}); }

World::World(std::unique_ptr<Store> store, std::vector<Record> seed) {
  std::vector<Record> kept = store->load();
  const bool empty = kept.empty();
  for (Record& record : kept) place(std::move(record));
  store_ = std::move(store);
  if (empty) apply({std::move(seed), {}});
}

const Record* World::find(std::string_view path) const {
  auto number = numbers_.find(path);
  if (number == numbers_.end()) return nullptr;
  return &tables_.find(collection_of(path))->second.at(number->second);
}

const World::Table& World::all(std::string_view collection) const {
  static const Table none;
  auto found = tables_.find(collection);
  return found == tables_.end() ? none : found->second;
}

void World::apply(Changes changes) {
  add_deliveries(*this, changes);
  std::int64_t next = last_number_;
  for (Record& record : changes.put) {
    sort_keys(record.document);
    auto present = numbers_.find(record.document.text_at("uri"));
    record.number = present == numbers_.end() ? ++next : present->second;
  }
  std::vector<std::int64_t> erased;
  for (const std::string& path : changes.erased)
    if (auto present = numbers_.find(path); present != numbers_.end()) erased.push_back(present->second);
  if (store_) store_->save(changes.put, erased);

  for (Record& record : changes.put) place(std::move(record));
  for (const std::string& path : changes.erased) {
    auto present = numbers_.find(path);
    if (present == numbers_.end()) continue;
    tables_.find(collection_of(path))->second.erase(present->second);
    numbers_.erase(present);
  }
}

void World::place(Record record) {
  const std::string path = record.document.text_at("uri");
  last_number_ = std::max(last_number_, record.number);
  numbers_[path] = record.number;
  auto table = tables_.try_emplace(std::string(collection_of(path))).first;
  table->second[record.number] = std::move(record);
}

std::string_view collection_of(std::string_view path) {
  const auto end = path.rfind('/');
  if (end == std::string_view::npos || end == 0) return {};
  const auto begin = path.rfind('/', end - 1);
  return path.substr(begin + 1, end - begin - 1);
}

std::string_view id_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace bookafy::sandbox
