/// Reads the store of received deliveries in an SQLite file.
#pragma once

#include <optional>

#include "delivery/delivery_store.hpp"
#include "storage/sqlite.hpp"

namespace bookafy::delivery {

class SqliteReader : public DeliveryReader {
 public:
  SqliteReader(std::string file, std::function<void()> check);

  Stored read(std::int64_t number) override;
  std::vector<std::int64_t> numbers(const DeliveryFilter& filter) override;
  void each_delivery(const DeliveryFilter& filter, const std::function<bool(const Stored&)>& use) override;
  void each_booking(const std::function<bool(const Booking&)>& use) override;

 private:
  void open();
  /// Runs `step` until the file did not change under it, each time on the reopened file. `step` returns what it read.
  template <typename Step>
  auto consistent(const Step& step);
  std::optional<Stored> next(const DeliveryFilter& filter, std::int64_t after);

  std::string file_;
  std::function<void()> check_;
  std::optional<storage::Database> database_;
  std::optional<storage::Watch> watch_;
  std::optional<storage::Statement> rows_;  ///< of each_delivery; empty after the file was opened again
  std::size_t version_ = 0;
};

}  // namespace bookafy::delivery
