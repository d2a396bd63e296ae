#include <fmt/format.h>

#include <deque>
#include <unordered_map>

#include "api/answer.hpp"
#include "api/client_state.hpp"

namespace bookafy {
namespace {

// How far reading may run ahead of the answer whose turn it is: bounds memory, keeps every request slot busy.
constexpr std::size_t lookahead = 400;
// Deliveries of one invitee follow each other closely; further back a fresh look costs less than the memory.
constexpr std::size_t remembered = 1000;

/// The lookups of one run: each path is asked for once while it is under way or remembered.
class Lookups {
 public:
  explicit Lookups(Connection& connection) : connection_(connection) {}

  void add(Resource resource) {
    const std::string path = resource.path();
    if (!known_.contains(path)) {
      known_.emplace(path, Known{.ticket = connection_.submit("GET", path)});
      order_.push_back(path);
    }
    ++known_.at(path).wanted;
    queue_.push_back(std::move(resource));
  }

  std::size_t size() const { return queue_.size(); }

  Outcome take() {
    Outcome lookup{std::move(queue_.front()), {}, {}};
    queue_.pop_front();
    Known& known = known_.at(lookup.resource.path());
    --known.wanted;
    if (known.ticket) settle(known, lookup.resource);
    lookup.document = known.document;
    lookup.error = known.error;
    forget_oldest();
    return lookup;
  }

 private:
  struct Known {
    std::optional<std::uint64_t> ticket;  ///< while it is under way
    Value document{};
    std::optional<Error> error{};
    int wanted = 0;
  };

  void settle(Known& known, const Resource& resource) {
    auto answer = connection_.await(*known.ticket);
    known.ticket.reset();
    try {
      known.document = expect_resource(std::move(answer),
                                       fmt::format("cannot read the {} {}", to_string(resource.kind), resource.id));
    } catch (const Error& error) {
      known.error = error;
    }
  }

  void forget_oldest() {
    while (order_.size() > remembered && known_.at(order_.front()).wanted == 0) {
      known_.erase(order_.front());
      order_.pop_front();
    }
  }

  Connection& connection_;
  std::deque<Resource> queue_;
  std::unordered_map<std::string, Known> known_;
  std::deque<std::string> order_;
};

}  // namespace

void Client::get_many(ResourceSource& source, const std::function<void(Outcome)>& each) {
  Lookups lookups(state_->connection);
  bool more = true;
  while (more || lookups.size() > 0) {
    while (more && lookups.size() < lookahead && (lookups.size() == 0 || source.ready())) {
      auto resource = source.next();
      if (resource)
        lookups.add(std::move(*resource));
      else
        more = false;
    }
    if (lookups.size() > 0) each(lookups.take());
  }
}

}  // namespace bookafy
