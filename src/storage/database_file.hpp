/// Database files as seen without opening them: closing a descriptor beside SQLite's own drops all locks that the
/// process holds on the file (https://www.sqlite.org/howtocorrupt.html, 2.2).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace bookafy::storage {

/// The file's absolute path, which SQLite takes literally: `:memory:` and `file:x` get no special meaning. Throws Error
/// (usage) when the folder does not exist, or the name is a symbolic link or anything else than a regular file.
std::string literal_path(const std::string& file);
bool file_exists(const std::string& path);

/// A `file:` URI of an absolute path, with parameters for SQLite.
std::string sqlite_uri(const std::string& path, std::string_view parameters);

/// State of a database file and of the files in which SQLite keeps changes that are not in it yet.
class FileState {
 public:
  explicit FileState(const std::string& path);
  bool operator==(const FileState&) const = default;

  /// The database file alone has all data.
  bool is_complete() const { return wal_.size == 0 && journal_.size == 0; }
  /// A write-ahead log without its index: copied without it, or left by a process that locked the file exclusively.
  bool lacks_wal_index() const { return wal_.size > 0 && !has_wal_index_; }

 private:
  struct Stamp {
    explicit Stamp(const std::string& path);
    bool operator==(const Stamp&) const = default;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified = 0;  ///< nanoseconds since 1970
    std::int64_t changed = 0;
  };

  Stamp database_;
  Stamp wal_;
  Stamp journal_;
  bool has_wal_index_;
};

}  // namespace bookafy::storage
