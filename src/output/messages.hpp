/// What is said to people, on standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bookafy/error.hpp"
#include "bookafy/secret.hpp"
#include "output/format.hpp"
#include "output/writer.hpp"

namespace bookafy::output {

/// Writes each message as a line at once, strangers' text escaped and secrets as `***`. Never throws for a failed
/// write: there is no one left to tell.
class Messages {
 public:
  /// `format` is that of the results: with json and jsonl errors are JSON, too.
  Messages(Writer& err, bool quiet, bool color, Format format);

  void set_quiet(bool quiet) { quiet_ = quiet; }
  /// `bookafy: text`; not when quiet.
  void note(std::string_view text);
  /// The same also when quiet, for what a script cannot do without.
  void essential_note(std::string_view text);
  /// `bookafy: warning: text`; not when quiet.
  void warning(std::string_view text);
  /// Also when quiet. For people the block of lines with details, hint and request id, for programs one line of JSON.
  void error(const Error& error);
  /// A line of its own, without a prefix and also when quiet: what --verbose asked for.
  void trace(std::string_view line);

  /// A line that stands at the bottom of the terminal until the next message; empty takes it away. Shown only after
  /// `show_status`, and not when quiet.
  void status(std::string_view text);
  /// Standard error is a terminal.
  void show_status() { status_is_shown_ = true; }
  /// A GitHub job runs us: each error is also an annotation there, in lines of its own after it.
  void annotate() { annotated_ = true; }

  /// Never shown from now on, even where a server echoes it. One shorter than 4 characters is ignored: masking it would
  /// garble everything else.
  void add_secret(const Secret& secret);
  /// The text with every secret replaced, and the user and password of every URL.
  std::string masked(std::string_view text) const;

 private:
  void tell(const Error& error);
  std::string error_json(const Error& error) const;
  void say(std::string_view style, std::string_view prefix, std::string_view text);
  void write(std::string_view lines);

  Writer& err_;
  bool quiet_;
  bool color_;
  bool json_;
  bool annotated_ = false;
  bool status_is_shown_ = false;
  bool status_stands_ = false;
  std::vector<Secret> secrets_;  ///< longest first, so that none leaves the rest of another behind
};

}  // namespace bookafy::output
