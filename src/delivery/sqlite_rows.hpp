/// Rows of the table `deliveries`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delivery/delivery_store.hpp"
#include "storage/sqlite.hpp"

namespace bookafy::delivery {

inline constexpr std::string_view delivery_columns =
    "number, identity, received_at, event, uri, created_at, verification, headers, body";

/// Of a row of `delivery_columns`.
Stored stored_of(const storage::Statement& row);
/// Throws Error (internal) when there is none.
Stored stored_with_number(storage::Database& database, storage::Statement& select, std::int64_t number);
std::string header_lines(const std::vector<http::Header>& headers);

}  // namespace bookafy::delivery
