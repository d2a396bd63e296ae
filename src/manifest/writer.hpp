/// A manifest as text.
#pragma once

#include <string>
#include <vector>

#include "manifest/manifest.hpp"

namespace bookafy::manifest {

/// Where the JSON Schema of the file is installed.
std::string schema_path();

/// By scope, owner and URL, each one's events by name: the same account always gives the same text.
void sort(Manifest& entries);

/// YAML, ASCII but for the notes, with a header that names the schema to editors. Each note becomes a line of comment.
std::string to_yaml(const Manifest& entries, const std::vector<std::string>& notes);
/// The same as JSON, which has no place for notes.
std::string to_json(const Manifest& entries);

}  // namespace bookafy::manifest
