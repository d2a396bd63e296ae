#include "storage/database_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "bookafy/error.hpp"

namespace bookafy::storage {
namespace {

[[noreturn]] void reject(const std::string& file, const std::string& reason) {
  Error error(ErrorKind::usage, fmt::format("cannot open {}: {}", file, reason));
  error.hint = "name a regular file in an existing folder";
  throw error;
}

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

}  // namespace

std::string literal_path(const std::string& file) {
  const std::filesystem::path given(file);
  if (!given.has_filename()) reject(file, "it is not a regular file");
  std::error_code problem;
  const auto folder = std::filesystem::canonical(given.has_parent_path() ? given.parent_path() : ".", problem);
  if (problem) reject(file, problem.message());
  std::string path = (folder / given.filename()).string();
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) reject(file, std::generic_category().message(errno));
    return path;
  }
  if (S_ISLNK(status.st_mode)) reject(file, "it is a symbolic link");
  if (!S_ISREG(status.st_mode)) reject(file, "it is not a regular file");
  return path;
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

std::string sqlite_uri(const std::string& path, std::string_view parameters) {
  std::string uri = "file://";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#')
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      uri += c;
  }
  return uri.append("?").append(parameters);
}

FileState::Stamp::Stamp(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return;
  inode = status.st_ino;
  size = status.st_size;
  modified = nanoseconds(status.st_mtim);
  changed = nanoseconds(status.st_ctim);
}

FileState::FileState(const std::string& path)
    : database_(path), wal_(path + "-wal"), journal_(path + "-journal"), has_wal_index_(file_exists(path + "-shm")) {}

}  // namespace bookafy::storage
