// Modes and symbolic links of stored logins.
#include <sys/stat.h>

#include <filesystem>

#include "bookafy/error.hpp"
#include "catch.hpp"
#include "profile/profile.hpp"
#include "program/process.hpp"

namespace {

using bookafy::profile::Profile;
using bookafy::profile::Profiles;

class Umask {
 public:
  explicit Umask(mode_t mask) : before_(umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { umask(before_); }

 private:
  mode_t before_;
};

Profiles profiles_in(const std::string& folder) {
  return Profiles(bookafy::system::Environment({{"XDG_CONFIG_HOME", folder}}));
}

const Profile login{
    .token = bookafy::Secret("a-token"), .api_url = "https://api.bookafy.com", .organization = {}, .user = {}};

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a stored login has the documented modes, whatever the umask") {
  for (const mode_t mask : {0U, 0077U, 0777U}) {
    const program::TemporaryFolder folder;
    const Profiles profiles = profiles_in(folder.path() / "config");
    {
      const Umask umask(mask);
      profiles.save("work", login);
    }
    CHECK(mode_of(folder.path() / "config/bookafy") == 0700);
    CHECK(mode_of(folder.path() / "config/bookafy/work.json") == 0600);
    CHECK(profiles.load("work")->token.reveal() == "a-token");
  }
}

TEST_CASE("a symbolic link is neither read nor written nor removed") {
  const program::TemporaryFolder folder;
  const std::string target = folder.write("target", "{}");
  const auto link = folder.path() / "bookafy/work.json";
  std::filesystem::create_directory(link.parent_path());
  std::filesystem::create_symlink(target, link);
  const Profiles profiles = profiles_in(folder.path());
  for (const auto& error :
       {bookafy::error_of([&] { profiles.load("work"); }), bookafy::error_of([&] { profiles.check_writable("work"); }),
        bookafy::error_of([&] { profiles.save("work", login); }),
        bookafy::error_of([&] { profiles.remove("work"); })}) {
    REQUIRE(error);
    CHECK(error->kind == bookafy::ErrorKind::usage);
    CHECK(program::has(error->message, "is a symbolic link"));
  }
  CHECK(std::filesystem::is_symlink(link));
  CHECK(program::content_of(target) == "{}");
}

TEST_CASE("only absolute folders count") {
  for (const auto& variables : {std::map<std::string, std::string>{{"XDG_CONFIG_HOME", "config"}, {"HOME", "home"}},
                                std::map<std::string, std::string>{{"HOME", "./home"}}}) {
    const Profiles profiles{bookafy::system::Environment(variables)};
    CHECK(bookafy::error_of([&] { profiles.check_writable("work"); }));
    CHECK_FALSE(profiles.load("work"));
    CHECK(profiles.names().empty());
  }
}
