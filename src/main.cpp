#include <unistd.h>

#include "app/program.hpp"
#include "system/process.hpp"
#include "system/signals.hpp"
#include "system/terminal.hpp"

int main(int argc, char** argv) {
  namespace output = bookafy::output;
  namespace system_ = bookafy::system;
  system_::fill_standard_streams();  // before anything is opened
  system_::forbid_core_dumps();
  system_::keep_signals();
  output::FileWriter out(STDOUT_FILENO);
  output::FileWriter err(STDERR_FILENO);
  system_::FileInput in(STDIN_FILENO);
  return bookafy::app::run({argv + 1, argv + argc}, {.out = out,
                                                     .err = err,
                                                     .in = in,
                                                     .environment = system_::Environment::of_process(),
                                                     .input_is_terminal = system_::is_terminal(STDIN_FILENO),
                                                     .output_is_terminal = system_::is_terminal(STDOUT_FILENO),
                                                     .errors_are_terminal = system_::is_terminal(STDERR_FILENO),
                                                     .width = system_::terminal_width(STDOUT_FILENO)});
}
