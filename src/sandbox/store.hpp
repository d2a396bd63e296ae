/// The sandbox's records on disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bookafy/secret.hpp"
#include "bookafy/value.hpp"
#include "storage/sqlite.hpp"

namespace bookafy::sandbox {

/// One object of the API. Its URI and its references to others are paths: the base URL may differ at the next start.
struct Record {
  std::int64_t number = 0;  ///< in the order of creation, from 1
  Value document;
  Secret signing_key;  ///< a subscription's; no answer ever holds it
};

class Store {
 public:
  /// Throws Error (usage) when the file cannot be opened, or is no sandbox's.
  explicit Store(const std::string& file);

  /// Everything, in the order of creation.
  std::vector<Record> load();
  /// All of it is on the disk when this returns, or nothing when it throws.
  void save(const std::vector<Record>& put, const std::vector<std::int64_t>& erased);

 private:
  storage::Database database_;
};

}  // namespace bookafy::sandbox
