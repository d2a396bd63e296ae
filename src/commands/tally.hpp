/// How a command over several items ends.
#pragma once

#include "bookafy/error.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

/// Reports each failure as it comes. The status at the end: 0 when nothing failed, the kind's own when everything
/// failed in one way, partial otherwise.
class Tally {
 public:
  explicit Tally(Context& context) : context_(context) {}

  void success() { ++done_; }
  void failure(const Error& error);
  ExitStatus status() const;

 private:
  Context& context_;
  int done_ = 0;
  int failed_ = 0;
  bool same_kind_ = true;
  ErrorKind kind_ = ErrorKind::internal;
};

}  // namespace bookafy::commands
