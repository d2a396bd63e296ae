/// Documents hold paths, answers and deliveries full URIs.
#pragma once

#include <string>

#include "bookafy/value.hpp"

namespace bookafy::sandbox {

/// Puts the base URL before every path that refers to an object, however deep.
void make_full(Value& value, const std::string& base_url);

}  // namespace bookafy::sandbox
