/// The changes that users want in a sample delivery.
#pragma once

#include <string>
#include <vector>

#include "bookafy/value.hpp"
#include "commands/context.hpp"

namespace bookafy::commands {

class SampleChanges {
 public:
  /// Each `key=value`, with a dotted path as key, or the name of a file with a JSON object. Throws Error (usage).
  SampleChanges(const std::vector<std::string>& data, Context& context);

  /// Paths and members begin in the envelope when their first part is one of its keys, else in the payload. Throws
  /// Error (usage) for a path that leads through something that is no object or array.
  void apply(Value& delivery) const;

 private:
  struct Change {
    std::string path;
    Value value;
  };
  std::vector<Change> changes_;
};

}  // namespace bookafy::commands
