/// Requests whose end or host two programs could see differently (RFC 9112 sections 3.2, 5, 6 and 11.2). What a proxy
/// takes for a body must never run as a request here.
#pragma once

#include <microhttpd.h>

#include <optional>
#include <string>
#include <vector>

#include "bookafy/http.hpp"

namespace bookafy::server {

struct FramingProblem {
  int status = 400;
  std::string text;
};

/// To be called before the body is read. `method` and `version` are the pointers that libmicrohttpd passes to its
/// handler.
std::optional<FramingProblem> framing_problem(MHD_Connection* connection, const char* method, const char* version,
                                              const std::vector<http::Header>& headers);

/// The content codings of the body (RFC 9110 section 8.4); empty when there are none.
std::string content_coding(const std::vector<http::Header>& headers);

}  // namespace bookafy::server
