/// Resources to text, in each of the formats.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bookafy/value.hpp"
#include "output/format.hpp"
#include "output/writer.hpp"

namespace bookafy::output {

/// Whether the command speaks of one thing (a JSON object, a sheet) or of many (a JSON array, rows).
enum class Shape { one, many };

/// The dotted paths that a Printer of these looks at; empty: everything.
std::vector<std::string> looked_at(const Layout& layout, const std::vector<std::string>& columns, Shape shape);

/// Takes resources one by one and writes each as early as the format allows: a table waits for the first rows to
/// learn its widths, the others write at once.
class Printer {
 public:
  /// `columns` are the dotted paths shown in table, csv and tsv when the layout names no fields; none: the keys of the
  /// first resource. One resource in a table is a sheet, which shows everything.
  Printer(Writer& out, const Layout& layout, std::vector<std::string> columns, Shape shape);
  Printer(Printer&&) noexcept;
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;
  Printer& operator=(Printer&&) = delete;
  /// Without finish() before it, as when an error ends the work, what is held back is written and nothing completed:
  /// a JSON array cut short stays unreadable.
  ~Printer();

  void print(const Value& resource);
  /// Completes the output (the end of a JSON array, rows held back) and flushes. Only then, and with no row before it,
  /// come `[]` or a lone header line; an empty table writes nothing.
  void finish();
  /// Writes what is held back now, because what comes next may take long.
  void flush();
  /// How many were printed.
  std::size_t count() const;

  class Sink;

 private:
  std::unique_ptr<Sink> sink_;
};

}  // namespace bookafy::output
