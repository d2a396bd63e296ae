#include "bookafy/error.hpp"

#include <array>

namespace bookafy {
namespace {

struct ErrorRow {
  ErrorKind kind;
  std::string_view name;
  int exit_code;
};

constexpr std::array error_kinds{
    ErrorRow{ErrorKind::internal, "internal", 1},
    ErrorRow{ErrorKind::usage, "usage", 2},
    ErrorRow{ErrorKind::unauthenticated, "unauthenticated", 3},
    ErrorRow{ErrorKind::forbidden, "forbidden", 4},
    ErrorRow{ErrorKind::not_found, "not_found", 5},
    ErrorRow{ErrorKind::conflict, "conflict", 6},
    ErrorRow{ErrorKind::rate_limited, "rate_limited", 7},
    ErrorRow{ErrorKind::network, "network", 8},
    ErrorRow{ErrorKind::server, "server", 9},
    ErrorRow{ErrorKind::partial, "partial", 10},
    ErrorRow{ErrorKind::changes, "changes", 11},
    ErrorRow{ErrorKind::unverified, "unverified", 12},
    ErrorRow{ErrorKind::unhealthy, "unhealthy", 13},
};

const ErrorRow& row(ErrorKind kind) { return error_kinds.at(static_cast<std::size_t>(kind)); }

}  // namespace

std::string_view to_string(ErrorKind kind) { return row(kind).name; }

int exit_code(ErrorKind kind) { return row(kind).exit_code; }

ErrorKind kind_of_status(int status) {
  switch (status) {
    case 400: return ErrorKind::usage;
    case 401: return ErrorKind::unauthenticated;
    case 403: return ErrorKind::forbidden;
    case 404: return ErrorKind::not_found;
    case 409: return ErrorKind::conflict;
    case 429: return ErrorKind::rate_limited;
    default: return ErrorKind::server;
  }
}

}  // namespace bookafy
