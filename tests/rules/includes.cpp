// Who may include what: the arrows between the folders, and each library behind one door.
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>

#include "catch.hpp"
#include "rules/source_files.hpp"

namespace {

struct Include {
  std::string at;  ///< file and line
  std::string path;
  std::string folder;  ///< of the including file: `api` for src/api/codec.cpp
  std::string name;
};

std::vector<Include> includes_below(const std::string& top) {
  static const std::regex directive(R"(^\s*#\s*include\s*["<]([^">]+)[">].*)");
  std::vector<Include> found;
  for (const auto& file : rules::source_files(top)) {
    const auto begin = file.path.find('/') + 1;
    const auto end = file.path.find('/', begin);
    const std::string folder = end == std::string::npos ? "" : file.path.substr(begin, end - begin);
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_match(file.lines[i], match, directive)) continue;
      found.push_back({file.path + ":" + std::to_string(i + 1), file.path, folder, match[1]});
    }
  }
  return found;
}

bool starts_with(const std::string& text, const std::string& beginning) { return text.rfind(beginning, 0) == 0; }

}  // namespace

TEST_CASE("public headers include the standard library and each other") {
  const auto includes = includes_below("include");
  REQUIRE(!includes.empty());
  for (const auto& include : includes) {
    INFO(include.at << " includes " << include.name);
    const bool standard = include.name.find_first_of("./") == std::string::npos;
    CHECK((standard || starts_with(include.name, "bookafy/")));
  }
}

TEST_CASE("a library is known to one folder") {
  struct Door {
    std::string header;  ///< how the library's headers begin
    std::string path;    ///< where they may be included
  };
  const std::vector<Door> doors{{"CLI/", "src/cli/"},          {"nlohmann/", "src/api/codec.cpp"},
                                {"curl/", "src/net/"},         {"sqlite3", "src/storage/"},
                                {"microhttpd", "src/server/"}, {"gnutls/", "nowhere"},
                                {"yaml-cpp/", "src/manifest/"}};
  for (const auto& include : includes_below("src")) {
    if (include.folder == "lazy") continue;  // passes their functions on
    for (const auto& door : doors) {
      if (!starts_with(include.name, door.header)) continue;
      INFO(include.at << " includes " << include.name);
      CHECK(starts_with(include.path, door.path));
    }
  }
}

TEST_CASE("nothing points back") {
  // What a folder may include besides itself and the public headers. A new folder takes its place here.
  const std::map<std::string, std::set<std::string>> below{
      {"system", {}},
      {"profile", {"api", "system"}},
      {"net", {}},
      {"server", {"system"}},
      {"storage", {}},
      {"packaging", {}},
      {"lazy", {}},
      {"api", {"net"}},
      {"output", {"api", "net", "system"}},
      {"manifest", {"api"}},
      {"sandbox", {"api", "server", "storage", "system"}},
      {"delivery", {"api", "server", "storage", "system"}},
      {"commands", {"api", "delivery", "manifest", "output", "profile", "sandbox", "system"}},
      {"cli", {"api", "commands", "output"}},
      {"app", {"api", "cli", "commands", "net", "output", "profile", "system"}},
      {"", {"app", "output", "system"}},
  };
  for (const auto& include : includes_below("src")) {
    const auto slash = include.name.find('/');
    if (slash == std::string::npos) continue;
    const std::string target = include.name.substr(0, slash);
    INFO(include.at << " includes " << include.name);
    REQUIRE(below.count(include.folder) == 1);
    if (target == include.folder || below.count(target) == 0) continue;
    CHECK(below.at(include.folder).count(target) == 1);
  }
}
