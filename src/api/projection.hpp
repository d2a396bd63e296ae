/// Which members of a document are kept when it is read.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bookafy {

/// A tree of member names. In bulk most of the time goes into building what nobody looks at.
class Projection {
 public:
  /// Everything.
  Projection() = default;
  /// Of what lies at `prefix`, these dotted paths (`tracking.utm_source`) with everything below their ends; no path:
  /// everything. A `*` in the prefix stands for each item of an array; any other array is kept whole, so that its items
  /// keep their numbers.
  Projection(std::string_view prefix, std::span<const std::string> paths);
  /// One path more; where everything is kept already it says nothing.
  void add(std::string_view path);

  bool keeps_everything() const { return members_.empty(); }
  /// How many members are kept; of everything 0.
  std::size_t size() const { return members_.size(); }
  /// The projection of a member; nullptr when it is not kept. Only where not everything is kept.
  const Projection* member(std::string_view name) const;
  /// The projection of an array's items.
  const Projection& items() const;

 private:
  void insert(std::string_view path);

  std::vector<std::pair<std::string, Projection>> members_;
};

}  // namespace bookafy
