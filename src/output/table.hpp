/// Rows for people: columns aligned by display width under uppercase headings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bookafy/value.hpp"

namespace bookafy::output {

/// Learns the widths of its columns from the first rows, then streams: memory stays flat however many come. A later,
/// wider cell pushes its row to the right. On a terminal no line is wider than the terminal.
class Table {
 public:
  /// `width` as in Layout: 0 cuts nothing.
  Table(std::vector<std::string> columns, bool color, int width);

  /// What is to be written now: nothing while the row is held back.
  std::string add(const Value& resource);
  /// The headings and the rows held back; nothing when there are none.
  std::string release();

 private:
  struct Row {
    std::vector<std::string> cells;
    bool stands_out = false;
  };

  void learn_widths();
  std::string line(const Row& row) const;

  std::vector<std::string> columns_;
  bool color_;
  int width_;
  std::vector<Row> held_;
  std::vector<int> widths_;  ///< empty until learnt
};

}  // namespace bookafy::output
