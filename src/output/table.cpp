#include "output/table.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "output/cell.hpp"
#include "output/text.hpp"

namespace bookafy::output {
namespace {

constexpr std::size_t rows_to_learn_from = 200;
constexpr int gap = 2;

// Columns are cut in two rounds. Ids come last, because people copy them; what is no wider than a time stays whole.
constexpr int time_width = 17;
constexpr int comfortable = 16;
constexpr int smallest = 8;

std::string heading(std::string_view column) {
  std::string text = printable(column);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// Takes `excess` columns away from the widest that may shrink, one by one. What could not be taken is returned.
int shrink(std::vector<int>& widths, int excess, int floor, const std::function<bool(std::size_t)>& may_shrink) {
  for (; excess > 0; --excess) {
    int* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > floor && may_shrink(i) && (!widest || widths[i] > *widest)) widest = &widths[i];
    if (!widest) break;
    --*widest;
  }
  return excess;
}

}  // namespace

Table::Table(std::vector<std::string> columns, bool color, int width)
    : columns_(std::move(columns)), color_(color), width_(width) {}

std::string Table::add(const Value& resource) {
  Row row;
  row.cells.reserve(columns_.size());
  for (const std::string& column : columns_) row.cells.push_back(readable_cell(column, resource.at_path(column)));
  row.stands_out = resource.text_at("state") == "disabled";
  if (!widths_.empty()) return line(row);
  held_.push_back(std::move(row));
  return held_.size() < rows_to_learn_from ? std::string() : release();
}

std::string Table::release() {
  if (held_.empty()) return {};
  Row headings;
  for (const std::string& column : columns_) headings.cells.push_back(heading(column));
  held_.insert(held_.begin(), std::move(headings));
  learn_widths();
  std::string text;
  for (const Row& row : held_) text += line(row);
  held_.clear();
  return text;
}

void Table::learn_widths() {
  widths_.assign(columns_.size(), 0);
  for (const Row& row : held_)
    for (std::size_t i = 0; i < widths_.size(); ++i) widths_[i] = std::max(widths_[i], display_width(row.cells[i]));
  if (width_ <= 0) return;
  const int gaps = gap * (static_cast<int>(widths_.size()) - 1);
  int excess = std::accumulate(widths_.begin(), widths_.end(), gaps) - width_;
  const std::vector<int> natural = widths_;
  auto long_text = [&](std::size_t i) { return natural[i] > time_width; };
  auto long_text_but_id = [&](std::size_t i) { return long_text(i) && columns_[i] != "uri"; };
  excess = shrink(widths_, excess, comfortable, long_text_but_id);
  shrink(widths_, excess, smallest, long_text);
}

std::string Table::line(const Row& row) const {
  std::string text;
  std::size_t padding = 0;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const std::string cell = width_ > 0 ? cut_to_width(row.cells[i], widths_[i]) : row.cells[i];
    if (!cell.empty()) {
      text.append(padding, ' ').append(cell);
      padding = 0;
    }
    padding += static_cast<std::size_t>(std::max(0, widths_[i] - display_width(cell)) + gap);
  }
  if (width_ > 0) text = cut_to_width(text, width_);
  if (row.stands_out && color_) text = "\x1b[1;31m" + text + "\x1b[0m";
  return text += '\n';
}

}  // namespace bookafy::output
