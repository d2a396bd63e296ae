/// YAML text as a tree in which every part knows its place. JSON is a subset of YAML, so this reads both.
#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bookafy::manifest {

/// Both count from 1; a column is a byte of its line, as editors and compilers count.
struct Position {
  int line = 1;
  int column = 1;
  bool operator==(const Position&) const = default;
};

/// What is wrong, and where.
struct Complaint {
  Position at;
  std::string text;
};

struct Node;

/// One item of a list or one member of a map. For an alias `at` is its own place, and the node's that of what it stands
/// for.
struct Item {
  std::string key{};  ///< of a map's member
  Position key_at{};
  Position at{};
  std::shared_ptr<const Node> node{};
};

struct Node {
  enum class Kind { null, text, list, map };
  Kind kind = Kind::null;
  Position at{};
  std::string text{};  ///< of a text; numbers and booleans are texts, too
  std::vector<Item> items{};
  std::size_t size = 1;  ///< nodes in it with all aliases followed
};

/// The text cannot be read at all.
struct Unreadable : std::runtime_error {
  explicit Unreadable(const Complaint& complaint) : std::runtime_error(complaint.text), at(complaint.at) {}
  Position at;
};

// More than any account holds, tens of thousands of subscriptions, and little enough to be read in seconds.
inline constexpr std::size_t largest_text = std::size_t{8} << 20;
inline constexpr std::size_t most_nodes = 500'000;

/// Reads one document in UTF-8, with or without a byte order mark. An empty one is null. Throws Unreadable: no YAML,
/// control characters, a key that is no text or is given twice, custom tags, more than one document, too large, or
/// grown too large by aliases.
std::shared_ptr<const Node> read_document(std::string_view text);

}  // namespace bookafy::manifest
