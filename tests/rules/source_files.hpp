/// The project's own source text, for tests that hold it to its rules.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "built.hpp"

namespace rules {

struct SourceFile {
  std::string path;  ///< from the project's top: `src/api/codec.cpp`
  std::vector<std::string> lines;
};

/// The C++ files below a folder of the project, in order of their paths; none when it does not exist.
inline std::vector<SourceFile> source_files(const std::string& folder) {
  namespace fs = std::filesystem;
  const fs::path top = built::source_dir;
  std::vector<SourceFile> files;
  if (!fs::exists(top / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cpp" && extension != ".hpp") continue;
    SourceFile file{entry.path().lexically_relative(top).generic_string(), {}};
    std::ifstream text(entry.path());
    for (std::string line; std::getline(text, line);) file.lines.push_back(line);
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace rules
