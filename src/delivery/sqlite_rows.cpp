#include "delivery/sqlite_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bookafy/error.hpp"

namespace bookafy::delivery {
namespace {

std::vector<http::Header> headers_of(std::string_view lines) {
  std::vector<http::Header> headers;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    const auto colon = std::min(line.find(": "), line.size());
    headers.push_back({std::string(line.substr(0, colon)), std::string(line.substr(std::min(colon + 2, line.size())))});
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return headers;
}

}  // namespace

Stored stored_of(const storage::Statement& row) {
  const bool valid = row.text(6) == to_string(Verification::valid);
  Stored stored;
  stored.number = row.integer(0);
  stored.delivery = {.event = std::string(row.text(3)),
                     .created_at = std::string(row.text(5)),
                     .uri = std::string(row.text(4)),
                     .identity = std::string(row.blob(1)),
                     .received_at = Timestamp(std::chrono::microseconds(row.integer(2))),
                     .verification = valid ? Verification::valid : Verification::unchecked,
                     .headers = headers_of(row.blob(7)),
                     .body = std::string(row.blob(8)),
                     .document = {}};
  return stored;
}

Stored stored_with_number(storage::Database& database, storage::Statement& select, std::int64_t number) {
  select.reset();
  if (!select.bind(1, number).step())
    throw Error(ErrorKind::internal, fmt::format("the store {} has no delivery {}", database.file(), number));
  Stored stored = stored_of(select);
  select.reset();
  return stored;
}

std::string header_lines(const std::vector<http::Header>& headers) {
  std::string lines;
  for (const auto& [name, value] : headers) lines.append(name).append(": ").append(value).append("\n");
  return lines;
}

}  // namespace bookafy::delivery
