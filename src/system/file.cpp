#include "system/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "bookafy/error.hpp"

namespace bookafy::system {
namespace {

constexpr std::size_t longest_secret = std::size_t{64} * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

}  // namespace

Secret read_secret(const std::string& path, Input& standard_input, const std::string& what) {
  std::string text;
  if (path == "-") {
    text = standard_input.rest(longest_secret);
  } else {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
      throw Error(ErrorKind::usage,
                  fmt::format("cannot read {} {}: {}", what, path, std::generic_category().message(errno)));
    text = FileInput(file.get()).rest(longest_secret);
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return Secret(std::move(text));
}

}  // namespace bookafy::system
