/// Whether a process lives that once said so.
#pragma once

#include <optional>
#include <string>

namespace bookafy::system {

/// Held until destroyed, or until the process ends in whatever way.
class FileLock {
 public:
  /// Makes the file (mode 0600) when it is missing. nullopt when another process holds the lock. Throws Error (usage)
  /// when the file cannot be opened.
  static std::optional<FileLock> take(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace bookafy::system
