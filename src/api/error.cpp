#include "bookafy/error.hpp"

#include <array>

namespace bookafy {
namespace {

struct KindRow {
  ErrorKind kind;
  std::string_view name;
  int exit_code;
};

constexpr std::array kinds{
    KindRow{ErrorKind::internal, "internal", 1},
    KindRow{ErrorKind::usage, "usage", 2},
    KindRow{ErrorKind::unauthenticated, "unauthenticated", 3},
    KindRow{ErrorKind::forbidden, "forbidden", 4},
    KindRow{ErrorKind::not_found, "not_found", 5},
    KindRow{ErrorKind::conflict, "conflict", 6},
    KindRow{ErrorKind::rate_limited, "rate_limited", 7},
    KindRow{ErrorKind::network, "network", 8},
    KindRow{ErrorKind::server, "server", 9},
    KindRow{ErrorKind::partial, "partial", 10},
    KindRow{ErrorKind::changes, "changes", 11},
    KindRow{ErrorKind::unverified, "unverified", 12},
    KindRow{ErrorKind::unhealthy, "unhealthy", 13},
};

const KindRow& row(ErrorKind kind) { return kinds.at(static_cast<std::size_t>(kind)); }

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
