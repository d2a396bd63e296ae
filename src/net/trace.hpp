/// What `--verbose` tells of the traffic.
#pragma once

#include <functional>
#include <string>

#include "bookafy/http.hpp"

namespace bookafy::net {

class Transfer;

using Trace = std::function<void(const std::string&)>;

/// `> GET https://…` and the headers; credentials are masked, bodies are not shown.
void trace_request(const Trace& trace, const http::Request& request);
/// `< 200 …` with time, protocol, connection reuse and headers; or what failed.
void trace_outcome(const Trace& trace, const Transfer& transfer, const http::Completed& completed);

}  // namespace bookafy::net
