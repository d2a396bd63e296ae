/// Real processes: the built program and the shell, in an environment that leaks nothing in.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace program {

/// A new folder, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes a file below the folder, readable by its owner only, and returns its path.
  std::string write(const std::string& name, const std::string& content) const;

 private:
  std::filesystem::path path_;
};

/// Nothing of a file that is not there.
std::string content_of(const std::filesystem::path& file);

using Environment = std::map<std::string, std::string>;

/// The only variables that a process of a test sees: HOME and the XDG folders are below `home`, the locale and time
/// zone are unusual, no BOOKAFY_* is set, and the built program's folder is first in PATH.
Environment poisoned_environment(const std::filesystem::path& home);

struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked up in this process's PATH when it has no slash
  Environment environment;
  std::string input;
  std::filesystem::path folder = "/";  ///< the working directory
  std::chrono::seconds limit{30};      ///< then the process and its children are killed
};

struct Outcome {
  int status = -1;  ///< exit status; 128 + N when signal N ended it, as in a shell
  bool timed_out = false;
  bool dumped = false;  ///< its memory was written to a file when it crashed
  std::string out;
  std::string err;
};

/// Runs to the end. Throws std::system_error when the program cannot be started.
Outcome run(const Command& command);

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// `bookafy sandbox` on a free port, with one stream for all it says.
class Sandbox {
 public:
  explicit Sandbox(const std::vector<std::string>& options = {});
  /// Ends it with SIGTERM and waits.
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// `http://127.0.0.1:49152`
  const std::string& url() const { return url_; }

 private:
  TemporaryFolder home_;
  pid_t process_ = -1;
  int stream_ = -1;
  std::promise<std::string> announced_;
  std::thread reader_;
  std::string url_;

  void read_all();
};

}  // namespace program
