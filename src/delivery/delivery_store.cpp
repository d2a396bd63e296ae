#include "delivery/delivery_store.hpp"

#include "delivery/sqlite_reader.hpp"
#include "delivery/sqlite_store.hpp"

namespace bookafy::delivery {

std::unique_ptr<DeliveryStore> open_store(const std::string& name) { return std::make_unique<SqliteStore>(name); }

std::unique_ptr<DeliveryReader> open_store_for_reading(const std::string& name, std::function<void()> check) {
  return std::make_unique<SqliteReader>(name, std::move(check));
}

}  // namespace bookafy::delivery
