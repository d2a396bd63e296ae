#include <fmt/format.h>

#include <deque>
#include <unordered_map>

#include "api/answer.hpp"
#include "api/client_state.hpp"

namespace bookafy {
namespace {

// How far reading may run ahead of the answer whose turn it is: bounds memory, keeps every request slot busy.
constexpr std::size_t lookups_ahead = 200;
// Deliveries of one invitee follow each other closely; further back a fresh look costs less than the memory.
constexpr std::size_t remembered = 200;

/// The lookups of one run: each path is asked for once while it is under way or remembered.
class Lookups {
 public:
  Lookups(Connection& connection, const std::vector<std::string>& fields)
      : connection_(connection), kept_("resource", fields) {}

  void add(Resource resource) {
    auto [place, fresh] = known_.try_emplace(resource.path());
    if (fresh) {
      place->second.ticket = connection_.submit("GET", place->first);
      place->second.outcome.resource = std::move(resource);
      order_.push_back(&*place);
    }
    ++place->second.wanted;
    queue_.push_back(&place->second);
  }

  std::size_t size() const { return queue_.size(); }
  /// Whether `take` would answer at once.
  bool ready() const { return !queue_.front()->ticket || connection_.has_ended(*queue_.front()->ticket); }

  /// The one whose turn it is, once it is there. Valid until the next call.
  const Outcome& take() {
    forget_oldest();
    Known& known = *queue_.front();
    queue_.pop_front();
    --known.wanted;
    if (known.ticket) settle(known);
    return known.outcome;
  }

  ~Lookups() {
    for (const auto& [path, known] : known_)
      if (known.ticket) connection_.abandon(*known.ticket);
  }
  Lookups(const Lookups&) = delete;
  Lookups& operator=(const Lookups&) = delete;

 private:
  struct Known {
    std::optional<std::uint64_t> ticket{};  ///< while it is under way
    Outcome outcome{};
    int wanted = 0;
  };
  using Places = std::unordered_map<std::string, Known>;

  void settle(Known& known) {
    const Resource& resource = known.outcome.resource;
    auto answer = connection_.await(*known.ticket);
    known.ticket.reset();
    known.outcome.error = error_of([&] {
      known.outcome.document = expect_resource(
          std::move(answer), fmt::format("cannot read the {} {}", to_string(resource.kind), resource.id), kept_);
    });
  }

  void forget_oldest() {
    while (order_.size() > remembered && order_.front()->second.wanted == 0) {
      known_.erase(known_.find(order_.front()->first));
      order_.pop_front();
    }
  }

  Connection& connection_;
  Projection kept_;
  std::deque<Known*> queue_;
  Places known_;
  std::deque<Places::value_type*> order_;  ///< entries of a map stay where they are
};

}  // namespace

bool Client::get_many(ResourceSource& source, const std::vector<std::string>& fields,
                      const std::function<bool(const Outcome&)>& each, const std::function<void()>& idle) {
  Lookups lookups(state_->connection, fields);
  bool more = true;
  while (more || lookups.size() > 0) {
    while (more && lookups.size() < lookups_ahead) {
      if (!source.ready()) {
        if (lookups.size() > 0) break;
        idle();
      }
      if (auto resource = source.next())
        lookups.add(std::move(*resource));
      else
        more = false;
    }
    if (lookups.size() == 0) continue;
    if (!lookups.ready()) idle();
    const Outcome& outcome = lookups.take();
    const bool is_last = !more && lookups.size() == 0;
    const bool is_refused = outcome.error && outcome.error->kind == ErrorKind::unauthenticated;
    if ((!each(outcome) || is_refused) && !is_last) return false;
  }
  return true;
}

}  // namespace bookafy
