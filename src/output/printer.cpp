#include "output/printer.hpp"

#include <utility>

#include "api/codec.hpp"
#include "api/unicode.hpp"
#include "output/cell.hpp"
#include "output/sheet.hpp"
#include "output/table.hpp"
#include "output/text.hpp"

namespace bookafy::output {

/// One format's way to write.
class Printer::Sink {
 public:
  Sink(Writer& out, Layout layout) : out_(out), layout_(std::move(layout)) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  virtual void print(const Value& resource) = 0;
  /// Writes what is held back.
  virtual void release() {}
  virtual void finish() { release(); }

  Writer& out() { return out_; }
  std::size_t count = 0;  ///< printed before
  bool finished = false;

 protected:
  const Layout& layout() const { return layout_; }

 private:
  Writer& out_;
  Layout layout_;
};

namespace {

/// The resource, or the fields asked for as a flat object.
class JsonSink : public Printer::Sink {
 public:
  using Sink::Sink;
  void print(const Value& resource) override { out().write(codec::encode_indented(shown(resource)) + "\n"); }

 protected:
  Value shown(const Value& resource) const {
    if (layout().fields.empty()) return resource;
    Value flat{Value::Object()};
    for (const std::string& field : layout().fields) {
      const Value* found = resource.at_path(field);
      flat.set(field, found ? *found : Value());
    }
    return flat;
  }
};

class JsonLinesSink final : public JsonSink {
 public:
  using JsonSink::JsonSink;
  void print(const Value& resource) override { out().write(codec::encode(shown(resource)) + "\n"); }
};

class JsonArraySink final : public JsonSink {
 public:
  using JsonSink::JsonSink;
  void print(const Value& resource) override {
    std::string text = count == 0 ? "[\n  " : ",\n  ";
    // Inside JSON strings newlines are escaped, so each of these begins a line.
    for (char c : codec::encode_indented(shown(resource))) c == '\n' ? text.append("\n  ") : text.append(1, c);
    out().write(text);
  }
  void finish() override { out().write(count == 0 ? "[]\n" : "\n]\n"); }
};

/// csv and tsv.
class SeparatedSink final : public Printer::Sink {
 public:
  SeparatedSink(Writer& out, const Layout& layout, std::vector<std::string> columns)
      : Sink(out, layout), csv_(layout.format == Format::csv), columns_(std::move(columns)) {}

  void print(const Value& resource) override {
    if (count == 0) write_header();
    std::string line;
    for (const std::string& column : columns_) {
      const Value* value = resource.at_path(column);
      add(csv_ ? csv_cell(column, value) : tsv_escaped(exact_cell(column, value)), line);
    }
    end(line);
  }
  void finish() override {
    if (count == 0 && !columns_.empty()) write_header();
  }

 private:
  void write_header() {
    std::string line;
    for (const std::string& column : columns_) {
      const std::string name = unicode::without_surrogates(column);
      add(csv_ ? csv_quoted(name) : tsv_escaped(name), line);
    }
    end(line);
  }

  void add(std::string cell, std::string& line) {
    // Many readers skip an empty line, but a row of one empty cell is a row.
    if (csv_ && cell.empty() && columns_.size() == 1) cell = "\"\"";
    line += layout().width > 0 ? printable(cell) : cell;
    line += csv_ ? ',' : '\t';
  }

  void end(std::string& line) {
    if (!line.empty()) line.pop_back();
    line += csv_ ? "\r\n" : "\n";
    out().write(line);
  }

  bool csv_;
  std::vector<std::string> columns_;
};

class UriSink final : public Printer::Sink {
 public:
  using Sink::Sink;
  void print(const Value& resource) override {
    // No URI holds a control character, so escaping keeps a line a URI even when a server says otherwise.
    if (std::string uri = resource.text_at("uri"); !uri.empty()) out().write(printable(uri) + "\n");
  }
};

class TableSink final : public Printer::Sink {
 public:
  TableSink(Writer& out, const Layout& layout, std::vector<std::string> columns)
      : Sink(out, layout), table_(std::move(columns), layout.color, layout.width) {}

  void print(const Value& resource) override { out().write(table_.add(resource)); }
  void release() override { out().write(table_.release()); }

 private:
  Table table_;
};

class SheetSink final : public Printer::Sink {
 public:
  using Sink::Sink;
  void print(const Value& resource) override { out().write(sheet(resource, layout().fields, layout().color)); }
};

/// Rows whose columns are the keys of the first one.
class DiscoveringSink final : public Printer::Sink {
 public:
  using Sink::Sink;
  void print(const Value& resource) override;
  void release() override {
    if (rows_) rows_->release();
  }

 private:
  std::unique_ptr<Sink> rows_;
};

std::unique_ptr<Printer::Sink> rows_sink(Writer& out, const Layout& layout, std::vector<std::string> columns) {
  if (columns.empty()) return std::make_unique<DiscoveringSink>(out, layout);
  if (layout.format == Format::table) return std::make_unique<TableSink>(out, layout, std::move(columns));
  return std::make_unique<SeparatedSink>(out, layout, std::move(columns));
}

void DiscoveringSink::print(const Value& resource) {
  if (!rows_) {
    std::vector<std::string> keys;
    if (const auto* members = resource.object())
      for (const auto& [key, value] : *members) keys.push_back(key);
    if (keys.empty()) return;
    rows_ = rows_sink(out(), layout(), std::move(keys));
  }
  rows_->print(resource);
  ++rows_->count;
}

std::unique_ptr<Printer::Sink> make_sink(Writer& out, const Layout& layout, std::vector<std::string> columns,
                                         Shape shape) {
  if (!layout.fields.empty()) columns = layout.fields;
  switch (layout.format) {
    case Format::json:
      if (shape == Shape::many) return std::make_unique<JsonArraySink>(out, layout);
      return std::make_unique<JsonSink>(out, layout);
    case Format::jsonl: return std::make_unique<JsonLinesSink>(out, layout);
    case Format::uri: return std::make_unique<UriSink>(out, layout);
    case Format::table:
      if (shape == Shape::one) return std::make_unique<SheetSink>(out, layout);
      [[fallthrough]];
    default: return rows_sink(out, layout, std::move(columns));
  }
}

}  // namespace

std::vector<std::string> looked_at(const Layout& layout, const std::vector<std::string>& columns, Shape shape) {
  if (layout.format == Format::uri) return {"uri"};
  const bool only_fields = layout.format == Format::json || layout.format == Format::jsonl ||
                           (layout.format == Format::table && shape == Shape::one);
  std::vector<std::string> paths = layout.fields.empty() && !only_fields ? columns : layout.fields;
  // A table's disabled row stands out, whatever its columns.
  if (layout.format == Format::table && !paths.empty()) paths.emplace_back("state");
  return paths;
}

Printer::Printer(Writer& out, const Layout& layout, std::vector<std::string> columns, Shape shape)
    : sink_(make_sink(out, layout, std::move(columns), shape)) {}

Printer::Printer(Printer&&) noexcept = default;

Printer::~Printer() {
  if (!sink_ || sink_->finished) return;
  try {
    sink_->release();
  } catch (...) {
    // Reached on the way out of an earlier error, which is the one to report.
  }
}

void Printer::print(const Value& resource) {
  sink_->print(resource);
  ++sink_->count;
}

void Printer::finish() {
  if (std::exchange(sink_->finished, true)) return;
  sink_->finish();
  sink_->out().flush();
}

void Printer::flush() {
  sink_->release();
  sink_->out().flush();
}

std::size_t Printer::count() const { return sink_->count; }

}  // namespace bookafy::output
