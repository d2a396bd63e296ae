#include "api/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "api/json_marks.hpp"
#include "api/unicode.hpp"
#include "bookafy/error.hpp"

namespace bookafy::codec {
namespace {

/// RFC 8259 section 4 leaves open what a repeated name means: the last value counts, in the place of the first.
void drop_repeated(Value::Object& members) {
  std::vector<Value::Member*> sorted;
  sorted.reserve(members.size());
  for (Value::Member& member : members) sorted.push_back(&member);
  const auto less = [](const Value::Member* a, const Value::Member* b) {
    if (a->first.size() != b->first.size()) return a->first.size() < b->first.size();
    const int order = a->first.compare(b->first);
    return order != 0 ? order < 0 : a < b;
  };
  std::sort(sorted.begin(), sorted.end(), less);
  std::vector<bool> is_repeated;
  for (std::size_t i = 1, first = 0; i < sorted.size(); ++i) {
    if (sorted[i]->first != sorted[first]->first) {
      first = i;
      continue;
    }
    is_repeated.resize(members.size());
    sorted[first]->second = std::move(sorted[i]->second);
    is_repeated[static_cast<std::size_t>(sorted[i] - members.data())] = true;
  }
  if (is_repeated.empty()) return;
  const Value::Member* begin = members.data();
  std::erase_if(members, [&](const Value::Member& one) { return is_repeated[static_cast<std::size_t>(&one - begin)]; });
}

/// Builds a Value from nlohmann's events: its own tree would lose the digits of a decimal.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  /// `is_marked`: the text is a Marker's.
  Builder(const Projection& kept, bool is_marked) : kept_(&kept), is_marked_(is_marked) {}

  Value take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

  bool null() override {
    return add([] { return Value(); });
  }
  bool boolean(bool flag) override {
    return add([&] { return Value(flag); });
  }
  bool number_integer(number_integer_t number) override {
    // Only what begins with a minus sign comes here, and only a decimal keeps the one of -0.
    return add([&] { return number == 0 ? Value(Value::Decimal{"-0"}) : Value(std::int64_t{number}); });
  }
  bool number_unsigned(number_unsigned_t number) override {
    return add([&] {
      if (std::in_range<std::int64_t>(number)) return Value(static_cast<std::int64_t>(number));
      return Value(Value::Decimal{std::to_string(number)});
    });
  }
  bool number_float(number_float_t, const string_t& text) override {
    return add([&] { return Value(Value::Decimal{text}); });
  }
  bool string(string_t& text) override {
    if (!is_marked_) return add([&] { return Value(std::string_view(text)); });
    if (const auto number = marked_number(text))
      return add([&] { return Value(Value::Decimal{std::string(*number)}); });
    return add([&] { return Value(without_marks(text)); });
  }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    return open([] { return Value(Value::Object()); });
  }
  bool key(string_t& name) override {
    if (is_marked_ && marked_number(name)) return false;
    if (skipped_ > 0) return true;
    if (is_marked_) name = without_marks(name);
    const Container& object = open_.back();
    next_ = object.kept->keeps_everything() ? object.kept : object.kept->member(name);
    if (next_) key_ = name;
    return true;
  }
  bool end_object() override {
    if (skipped_ == 0) drop_repeated(*open_.back().value->object());
    return close();
  }
  bool start_array(std::size_t) override {
    return open([] { return Value(Value::Array()); });
  }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    // nlohmann's own texts quote the input, which may be anything. A marked text has other positions.
    if (!is_marked_) problem_ = fmt::format("not valid JSON at byte {}", position);
    return false;
  }

 private:
  struct Container {
    Value* value;
    const Projection* kept;
  };

  template <typename Make>
  bool add(const Make& make) {
    if (!is_kept()) return true;
    if (!count()) return false;
    place(make());
    return true;
  }

  bool count() {
    if (++count_ > most_values) problem_ = fmt::format("holds more than {} values", most_values);
    return count_ <= most_values;
  }

  /// Whether the value that comes next is kept, as `next_` says of a member.
  bool is_kept() const {
    if (skipped_ > 0) return false;
    return open_.empty() || open_.back().value->array() || next_;
  }

  /// How much of it.
  const Projection* kept_of_next() const {
    if (open_.empty()) return kept_;
    return open_.back().value->array() ? &open_.back().kept->items() : next_;
  }

  Value* place(Value value) {
    if (open_.empty()) return &(root_ = std::move(value));
    Value& parent = *open_.back().value;
    if (auto* items = parent.array()) return &items->emplace_back(std::move(value));
    return &parent.object()->emplace_back(key_, std::move(value)).second;
  }

  template <typename Make>
  bool open(const Make& make) {
    if (!is_kept()) {
      ++skipped_;
      return true;
    }
    if (open_.size() == deepest_nesting) {
      problem_ = fmt::format("nested more than {} levels deep", deepest_nesting);
      return false;
    }
    if (!count()) return false;
    const Projection* kept = kept_of_next();
    Value* value = place(make());
    if (auto* members = value->object()) members->reserve(kept->size());
    open_.push_back({value, kept});
    return true;
  }

  bool close() {
    if (skipped_ > 0)
      --skipped_;
    else
      open_.pop_back();
    return true;
  }

  const Projection* kept_;
  Value root_;
  std::vector<Container> open_;       ///< stable: only the innermost container grows
  std::size_t skipped_ = 0;           ///< further open containers, which are not kept
  const Projection* next_ = nullptr;  ///< of the member whose key was read last; null: it is not kept
  std::string key_;
  bool is_marked_;
  std::string problem_ = "not valid JSON";
  int count_ = 0;
};

/// The escape of a character that JSON does not allow raw, or that is hidden (see unicode.hpp).
void write_escape(char32_t c, std::string& out) {
  constexpr std::string_view plain = "\"\\\b\t\n\f\r";
  constexpr std::string_view letters = "\"\\btnfr";
  auto at = c < 0x80 ? plain.find(static_cast<char>(c)) : std::string_view::npos;
  if (at == std::string_view::npos)
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(c));
  else
    out.append(1, '\\').append(1, letters[at]);
}

void write_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
      ++i;
      continue;
    }
    const auto c = unicode::decode_any_at(text, i);
    if (c.value < 0x80 || !c.is_utf8 || unicode::is_hidden(c.value)) {
      out.append(text.substr(done, i - done));
      write_escape(c.value, out);
      done = i + c.length;
    }
    i += c.length;
  }
  out.append(text.substr(done));
  out += '"';
}

class Writer {
 public:
  explicit Writer(bool indented) : indented_(indented) {}

  std::string take() { return std::move(out_); }

  void write(const Value& value) {
    if (const auto* members = value.object())
      write_all('{', *members, '}', [this](const Value::Member& member) {
        write_string(member.first, out_);
        out_ += indented_ ? ": " : ":";
        write(member.second);
      });
    else if (const auto* items = value.array())
      write_all('[', *items, ']', [this](const Value& item) { write(item); });
    else
      write_scalar(value);
  }

 private:
  void write_scalar(const Value& value) {
    if (const auto* text = value.string())
      write_string(*text, out_);
    else if (const auto* integer = value.integer())
      out_ += std::to_string(*integer);
    else if (const auto* decimal = value.decimal())
      out_ += decimal->text;
    else if (const auto* flag = value.boolean())
      out_ += *flag ? "true" : "false";
    else
      out_ += "null";
  }

  template <typename Items, typename Each>
  void write_all(char open, const Items& items, char close, const Each& each) {
    out_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      new_line();
      each(item);
    }
    --depth_;
    if (!items.empty()) new_line();
    out_ += close;
  }

  void new_line() {
    if (indented_) out_.append(1, '\n').append(std::size_t{2} * depth_, ' ');
  }

  bool indented_;
  std::size_t depth_ = 0;
  std::string out_;
};

/// The key of the first text that is not UTF-8, or what stands for one; empty when all are.
std::string text_without_utf8(const Value& value, const std::string& name = "a text of the request") {
  if (const auto* text = value.string()) return unicode::is_valid(*text) ? "" : name;
  std::string found;
  if (const auto* items = value.array())
    for (auto item = items->begin(); found.empty() && item != items->end(); ++item)
      found = text_without_utf8(*item, name);
  if (const auto* members = value.object())
    for (auto member = members->begin(); found.empty() && member != members->end(); ++member)
      found = unicode::is_valid(member->first) ? text_without_utf8(member->second, member->first) : name;
  return found;
}

std::string written(const Value& value, bool indented) {
  Writer writer(indented);
  writer.write(value);
  return writer.take();
}

}  // namespace

std::optional<Value> decode(std::string_view text, std::string& problem, const Projection& kept) {
  // nlohmann skips a byte order mark, which RFC 8259 section 8.1 forbids a sender to add.
  if (text.starts_with("\xef\xbb\xbf")) {
    problem = "begins with a byte order mark";
    return std::nullopt;
  }
  Builder builder(kept, false);
  if (nlohmann::json::sax_parse(text, &builder)) return builder.take();
  const auto marked = with_marks(text);
  if (!marked) {
    problem = builder.problem();
    return std::nullopt;
  }
  Builder again(kept, true);
  if (nlohmann::json::sax_parse(*marked, &again)) return again.take();
  problem = again.problem();
  return std::nullopt;
}

Value decode(std::string_view text, const Projection& kept) {
  std::string problem;
  if (auto value = decode(text, problem, kept)) return std::move(*value);
  throw Malformed(problem);
}

std::string encode_request(const Value& value) {
  if (const std::string name = text_without_utf8(value); !name.empty())
    throw Error(ErrorKind::usage, fmt::format("{} is not valid UTF-8", name));
  return encode(value);
}

std::string encode(const Value& value) { return written(value, false); }

std::string encode_indented(const Value& value) { return written(value, true); }

}  // namespace bookafy::codec
