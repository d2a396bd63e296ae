#include <filesystem>
#include <set>

#include "catch.hpp"
#include "rules/source_files.hpp"

TEST_CASE("a file names a noun of the domain and stays small enough to hold one") {
  const std::set<std::string> drawers{"util", "utils", "common", "helper", "helpers", "misc"};
  for (const std::string folder : {"src", "include", "tests"}) {
    for (const auto& file : rules::source_files(folder)) {
      INFO(file.path);
      CHECK(drawers.count(std::filesystem::path(file.path).stem().string()) == 0);
      CHECK(file.lines.size() <= 450);
    }
  }
}
