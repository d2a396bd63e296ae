/// The parameters of a request, read and complained about as the API does.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bookafy/resource.hpp"
#include "bookafy/scope.hpp"
#include "bookafy/timestamp.hpp"
#include "bookafy/value.hpp"
#include "sandbox/refusal.hpp"

namespace bookafy::sandbox {

enum class Need { optional, required };

/// Query parameters or the members of a body. Every reader notes what is wrong (`is missing` for an absent one that is
/// required, `must be filled` for an empty one, `is invalid` for the rest) and answers nullopt; `check` throws all of
/// it at once. A null counts as absent.
class Fields {
 public:
  explicit Fields(const Value& source) : source_(source) {}

  std::optional<std::string> text(std::string_view name, Need need = Need::optional);
  /// A full URI of that kind, whatever its host; answers its path.
  std::optional<std::string> reference(std::string_view name, ResourceKind kind, Need need = Need::optional);
  std::optional<std::string> one_of(std::string_view name, std::span<const std::string_view> words,
                                    Need need = Need::optional);
  std::optional<Scope> scope(Need need = Need::required);
  std::optional<Timestamp> instant(std::string_view name);
  std::optional<int> number(std::string_view name, int lowest, int highest);
  /// At least one text, none empty, none twice.
  std::vector<std::string> texts(std::string_view name);

  void complain(std::string_view name, std::string_view message);
  /// Throws the Refusal when there were complaints.
  void check() const;

 private:
  const Value* member(std::string_view name, Need need);

  const Value& source_;
  std::vector<Detail> details_;
};

}  // namespace bookafy::sandbox
