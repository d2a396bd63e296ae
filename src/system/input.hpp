/// Standard input, a line at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace bookafy::system {

class Input {
 public:
  Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  virtual ~Input() = default;

  /// More bytes, at least one; nullopt at the end. Throws http::Interrupted, and Error (usage) when it cannot be read.
  virtual std::optional<std::string> read_some() = 0;
  /// Whether `read_some` would answer at once.
  virtual bool has_more_now() = 0;

  /// The next line without its end (`\n` or `\r\n`); nullopt at the end. One longer than `longest_line` is an Error
  /// (usage).
  std::optional<std::string> line();
  /// Whether `line` would answer at once.
  bool line_ready();
  /// Everything that is left, up to `limit` bytes; more is an Error (usage).
  std::string rest(std::size_t limit);

  static constexpr std::size_t longest_line = 16 * 1024 * 1024;

 private:
  std::string buffer_;
  std::size_t start_ = 0;
  bool ended_ = false;
};

class FileInput final : public Input {
 public:
  explicit FileInput(int descriptor) : descriptor_(descriptor) {}
  std::optional<std::string> read_some() override;
  bool has_more_now() override;

 private:
  int descriptor_;
};

}  // namespace bookafy::system
