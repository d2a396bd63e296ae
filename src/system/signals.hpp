/// Requests to stop.
#pragma once

namespace bookafy::system {

/// From now on SIGINT and SIGTERM are kept instead of ending the process, and writing to a closed pipe is an error
/// instead of a signal. A second SIGINT or SIGTERM ends the process at once.
void keep_signals();
/// The signal that asked to stop, or 0.
int pending_signal();
/// Throws http::Interrupted when there is one.
void throw_pending_signal();
/// Whether it was typed at the terminal, which sends it to our children, too.
bool signal_came_from_terminal();
/// A descriptor that is readable once a signal was kept, for poll and the like.
int signal_descriptor();
/// Sleeps until a signal was kept; returns it.
int wait_for_signal();

}  // namespace bookafy::system
