/// What the standard streams are connected to.
#pragma once

namespace bookafy::system {

bool is_terminal(int descriptor);
/// Columns of the terminal behind a descriptor; 0 when it is none or does not say.
int terminal_width(int descriptor);

}  // namespace bookafy::system
