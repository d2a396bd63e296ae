#include "commands/tally.hpp"

namespace bookafy::commands {

void Tally::failure(const Error& error) {
  // What was printed so far belongs before the complaint when both streams are one terminal.
  context_.out.flush();
  context_.messages.error(error);
  same_kind_ = same_kind_ && (failed_ == 0 || error.kind == kind_);
  kind_ = error.kind;
  ++failed_;
}

ExitStatus Tally::status() const {
  if (failed_ == 0) return 0;
  return exit_code(done_ == 0 && same_kind_ ? kind_ : ErrorKind::partial);
}

}  // namespace bookafy::commands
