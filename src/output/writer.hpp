/// Where results go.
#pragma once

#include <string>
#include <string_view>

namespace bookafy::output {

/// Standard output with its failures kept: a full disk must change the exit status, a closed pipe must end the work
/// quietly.
class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;

  virtual void write(std::string_view text) = 0;
  virtual void flush() = 0;
  /// The reader has gone (EPIPE): nothing more arrives, and a producer may stop early.
  virtual bool closed() const = 0;
  /// Whether what is written next can arrive; asks the system, so that a producer stops before it writes again.
  virtual bool has_reader() const { return !closed(); }
};

/// Buffers, and writes in pieces of at least 64 KiB; the end needs a flush(). A failed write other than EPIPE throws
/// Error (internal) once, later output is dropped. SIGPIPE must be ignored by the process. Does not own the descriptor.
class FileWriter final : public Writer {
 public:
  explicit FileWriter(int descriptor) : descriptor_(descriptor) {}

  void write(std::string_view text) override;
  void flush() override;
  bool closed() const override { return closed_; }
  bool has_reader() const override;

 private:
  int descriptor_;
  bool closed_ = false;
  bool failed_ = false;
  std::string buffer_;
};

}  // namespace bookafy::output
