// What reaches for the world outside does so in one place, where a test can take hold of it.
#include <regex>
#include <set>
#include <string>

#include "catch.hpp"
#include "rules/source_files.hpp"

namespace {

/// The lines below src that match, comments left out, as `path:line`.
std::vector<std::string> places(const std::string& pattern, const std::string& folder) {
  const std::regex wanted(pattern);
  std::vector<std::string> found;
  for (const auto& file : rules::source_files(folder)) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
      if (std::regex_search(code, wanted)) found.push_back(file.path + ":" + std::to_string(i + 1));
    }
  }
  return found;
}

}  // namespace

TEST_CASE("environment, terminal, clock and exit are each reached for in one file") {
  for (const std::string pattern : {R"(\b(secure_)?getenv\s*\()", R"(\bisatty\s*\()",
                                    R"(\bsystem_clock::now\b|\btime\s*\(\s*(nullptr|NULL|0)\s*\))",
                                    R"(\b_?exit\s*\(|\bquick_exit\s*\(|\babort\s*\()"}) {
    std::set<std::string> files;
    std::string all;
    for (const auto& place : places(pattern, "src")) {
      files.insert(place.substr(0, place.find(':')));
      all += place + "\n";
    }
    INFO(pattern << " in\n" << all);
    CHECK(files.size() <= 1);
  }
}

TEST_CASE("a command throws, and catches nothing") {
  std::string all;
  for (const auto& place : places(R"(\btry\s*\{|\bcatch\s*\()", "src/commands")) all += place + "\n";
  CHECK(all == "");
}
