#include "system/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "bookafy/error.hpp"

namespace bookafy::system {
namespace {

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

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

/// With the reason in errno.
Error file_error(const std::string& attempt, const std::string& what, const std::string& path) {
  return Error(ErrorKind::usage,
               fmt::format("cannot {} {} {}: {}", attempt, what, path, std::generic_category().message(errno)));
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto count = write(descriptor, content.data(), content.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) content.remove_prefix(static_cast<std::size_t>(count));
  }
  return fsync(descriptor) == 0;
}

/// A new name is on disk only once its folder is.
void sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const Descriptor descriptor(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) fsync(descriptor.get());
}

/// `the token file` becomes `Token (not shown): `.
std::string prompt_for(std::string_view what) {
  if (what.starts_with("the ")) what.remove_prefix(4);
  if (what.ends_with(" file")) what.remove_suffix(5);
  std::string prompt = fmt::format("{} (not shown): ", what);
  if (prompt.front() >= 'a' && prompt.front() <= 'z') prompt.front() += 'A' - 'a';
  return prompt;
}

std::string secret_from(Input& input, const std::string& what) {
  return input.is_terminal() ? input.hidden_line(prompt_for(what), longest_secret) : input.rest(longest_secret);
}

/// O_NONBLOCK: opening a named pipe waits for its writer otherwise, deaf to a signal that
/// came just before.
int open_for_reading(const std::string& path, const std::string& what) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) throw file_error("read", what, path);
  return descriptor;
}

/// Writes a file of another name, which `move` then gives the final one: whoever finds that finds all of it.
template <typename Move>
void put_in_place(const std::string& path, std::string_view content, const std::string& what,
                  const std::string& attempt, const Move& move) {
  // Process ids are not unique where containers share a folder. Creates a new file of mode 0600, follows no symlink.
  std::string temporary = path + ".XXXXXX";
  const Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) throw file_error(attempt, what, path);
  // The mode is what is documented, whatever the umask.
  if (fchmod(file.get(), owner_only) != 0 || !write_all(file.get(), content) ||
      !move(temporary.c_str(), path.c_str())) {
    const Error error = file_error(attempt, what, path);
    unlink(temporary.c_str());
    throw error;
  }
  sync_folder_of(path);
}

}  // namespace

std::string read_file(const std::string& path, Input& standard_input, const std::string& what, std::size_t limit) {
  if (path == "-") return standard_input.rest(limit);
  const Descriptor file(open_for_reading(path, what));
  return FileInput(file.get(), what + " " + path).rest(limit);
}

Secret to_secret(std::string text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  for (const std::string_view line_end : {"\r\n", "\n"}) {
    if (!text.ends_with(line_end)) continue;
    text.resize(text.size() - line_end.size());
    break;
  }
  return Secret(std::move(text));
}

std::string encoding_problem(const Secret& secret) {
  const std::string_view text = secret.reveal();
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "is UTF-16, not UTF-8";
  return text.find('\0') == std::string_view::npos ? "" : "has a NUL byte";
}

Secret read_secret(const std::string& path, Input& standard_input, const std::string& what) {
  std::string text;
  if (path == "-") {
    text = secret_from(standard_input, what);
  } else {
    const Descriptor file(open_for_reading(path, what));
    FileInput input(file.get(), what + " " + path);
    text = secret_from(input, what);
  }
  return to_secret(std::move(text));
}

void create_private_file(const std::string& path, std::string_view content, const std::string& what) {
  put_in_place(path, content, what, "create", [](const char* written, const char* final_name) {
    // Neither follows a symlink of the final name, and neither takes the place of another file. Some file systems know
    // only the second.
    if (renameat2(AT_FDCWD, written, AT_FDCWD, final_name, RENAME_NOREPLACE) == 0) return true;
    return errno == EINVAL && link(written, final_name) == 0 && unlink(written) == 0;
  });
}

void replace_private_file(const std::string& path, std::string_view content, const std::string& what) {
  put_in_place(path, content, what, "write",
               [](const char* written, const char* final_name) { return rename(written, final_name) == 0; });
}

std::optional<std::string> read_private_file(const std::string& path, const std::string& what) {
  refuse_symlink(path, what);
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0 && errno == ENOENT) return std::nullopt;
  struct stat status {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) throw file_error("read", what, path);
  if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    Error error(ErrorKind::usage, fmt::format("{} {} is refused: others can read or change it", what, path));
    error.hint = fmt::format("make it yours alone: chmod 600 {}", path);
    throw error;
  }
  return FileInput(file.get(), what + " " + path).rest(longest_secret);
}

void refuse_symlink(const std::string& path, const std::string& what) {
  std::error_code ignored;
  if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, ignored))) return;
  Error error(ErrorKind::usage, fmt::format("{} {} is a symbolic link", what, path));
  error.hint = "replace it by a file of its own";
  throw error;
}

void make_private_folder(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  if (!parent.empty() && !std::filesystem::exists(parent)) make_private_folder(parent);
  if (mkdir(path.c_str(), S_IRWXU) != 0) {
    if (errno != EEXIST) throw file_error("create", "the folder", path);
  } else if (chmod(path.c_str(), S_IRWXU) != 0) {  // whatever the umask
    throw file_error("create", "the folder", path);
  }
}

}  // namespace bookafy::system
