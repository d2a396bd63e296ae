/// One resource for people.
#pragma once

#include <string>
#include <vector>

#include "bookafy/value.hpp"

namespace bookafy::output {

/// A line `path  value` for each of the resource's members, those of nested objects and arrays by their dotted path, as
/// --fields takes it. With `fields` only those. Nothing is cut: a sheet is where people read the whole value.
std::string sheet(const Value& resource, const std::vector<std::string>& fields, bool color);

}  // namespace bookafy::output
