/// The connections of a server: who waits for whom, how long, and how much of their bodies is kept. It sees to it that
/// no client, whatever it does, takes a place or memory for ever.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>

namespace bookafy::server {

struct Exchange;

/// One client.
struct Peer {
  using Clock = std::chrono::steady_clock;

  int descriptor = -1;
  Clock::time_point since{};     ///< its connection, or the end of its last request
  Exchange* exchange = nullptr;  ///< the request under way
  bool cut = false;              ///< it is being closed
  bool ours = false;             ///< its request is whole: now it waits for us
  std::list<Peer>::iterator place{};
};

struct ConnectionLimits {
  std::size_t count = 0;                     ///< of connections
  std::size_t body_memory = 0;               ///< bytes of all bodies together
  std::chrono::milliseconds request_time{};  ///< for a whole request, with more for a body that comes at a fair pace
};

/// On the server's thread alone. To cut a connection is to shut its socket down: libmicrohttpd sees that and closes it.
class Connections {
 public:
  explicit Connections(const ConnectionLimits& limits) : limits_(limits) {}

  bool empty() const { return waiting_.empty() && busy_.empty(); }
  std::size_t size() const { return waiting_.size() + busy_.size(); }
  std::size_t limit() const { return limits_.count; }
  bool has_room() const { return size() < limits_.count; }
  /// Whether make_room() would do something.
  bool can_make_room() const { return cut_count_ == 0 && !waiting_.empty(); }
  /// Cuts the client that we have waited for the longest, unless one is being cut.
  void make_room();

  /// A connection that is handed over to libmicrohttpd next.
  void opened(int descriptor);
  /// The connection that was opened last and is not settled yet.
  Peer* arriving() const { return arriving_; }
  /// Whether libmicrohttpd has taken it.
  void settled(bool is_taken);
  void closed(Peer& peer);

  /// Its request is whole.
  void handed_over(Peer& peer);
  /// It has its answer, or its request has ended without one.
  void waits_again(Peer& peer);

  /// Counts bytes of a body. When there is no room, those that hold some and that we have waited for the longest are
  /// cut. False when that is not enough.
  bool keep(Exchange& exchange, std::size_t bytes);
  /// The body is no longer kept.
  void drop(Exchange& exchange);

  /// Cuts those whose time is over, and those that have gone away, which libmicrohttpd does not see when the end came
  /// together with the last bytes.
  void look();

 private:
  void cut(Peer& peer);
  bool is_overdue(const Peer& peer, Peer::Clock::time_point now) const;

  ConnectionLimits limits_;
  std::list<Peer> waiting_;  ///< for the client, in the order of `since`
  std::list<Peer> busy_;     ///< waiting for us
  Peer* arriving_ = nullptr;
  std::size_t cut_count_ = 0;  ///< of those that are cut and not closed yet
  std::size_t kept_ = 0;       ///< bytes of bodies
};

}  // namespace bookafy::server
