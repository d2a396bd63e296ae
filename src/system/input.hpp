/// Standard input or a file, a line at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace bookafy::system {

class Input {
 public:
  /// `name` is what messages call it.
  explicit Input(std::string name) : name_(std::move(name)) {}
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

  virtual bool is_terminal() const { return false; }
  /// A line of up to `limit` bytes that a terminal does not show, after `prompt`. Only for a terminal.
  virtual std::string hidden_line(const std::string& prompt, std::size_t limit);

  const std::string& name() const { return name_; }

  static constexpr std::size_t longest_line = std::size_t{16} * 1024 * 1024;

 private:
  std::string name_;
  std::string buffer_;
  std::size_t start_ = 0;
  bool ended_ = false;
};

class FileInput final : public Input {
 public:
  explicit FileInput(int descriptor, std::string name = "standard input")
      : Input(std::move(name)), descriptor_(descriptor) {}
  std::optional<std::string> read_some() override;
  bool has_more_now() override;
  bool is_terminal() const override;
  std::string hidden_line(const std::string& prompt, std::size_t limit) override;

 private:
  int descriptor_;
};

}  // namespace bookafy::system
