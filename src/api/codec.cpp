#include "api/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "api/unicode.hpp"
#include "bookafy/error.hpp"

namespace bookafy::codec {
namespace {

/// The keys of the objects that are open. RFC 8259 leaves the meaning of duplicate keys open, so two readers could see
/// two different answers.
class OpenKeys {
 public:
  OpenKeys() {
    text_.reserve(1024);
    keys_.reserve(64);
  }
  void open() { objects_.push_back(keys_.size()); }
  void add(std::string_view key) {
    keys_.push_back({text_.size(), key.size()});
    text_ += key;
  }
  /// Of the innermost object, which is closed: whether all its keys differ.
  bool close() {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(objects_.back());
    const auto text = [this](const Key& key) { return std::string_view(text_).substr(key.begin, key.size); };
    const auto end_of_text = first == keys_.end() ? text_.size() : first->begin;
    std::sort(first, keys_.end(),
              [&](const Key& a, const Key& b) { return a.size != b.size ? a.size < b.size : text(a) < text(b); });
    const bool differ = std::adjacent_find(first, keys_.end(), [&](const Key& a, const Key& b) {
                          return a.size == b.size && text(a) == text(b);
                        }) == keys_.end();
    text_.resize(end_of_text);
    keys_.erase(first, keys_.end());
    objects_.pop_back();
    return differ;
  }

 private:
  struct Key {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  std::string text_;
  std::vector<Key> keys_;
  std::vector<std::size_t> objects_;  ///< the first key of each
};

/// Builds a Value from nlohmann's events: its own tree would lose the digits of a decimal.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(const Projection& kept) : kept_(&kept) {}

  Value take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

  bool null() override {
    return add([] { return Value(); });
  }
  bool boolean(bool flag) override {
    return add([&] { return Value(flag); });
  }
  bool number_integer(number_integer_t number) override {
    return add([&] { return Value(std::int64_t{number}); });
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
    return add([&] { return Value(std::string_view(text)); });
  }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    keys_.open();
    return open([] { return Value(Value::Object()); });
  }
  bool key(string_t& name) override {
    keys_.add(name);
    if (skipped_ > 0) return true;
    const Container& object = open_.back();
    next_ = object.kept->keeps_everything() ? object.kept : object.kept->member(name);
    if (next_) key_ = name;
    return true;
  }
  bool end_object() override {
    if (!keys_.close()) {
      problem_ = "an object has the same key twice";
      return false;
    }
    return close();
  }
  bool start_array(std::size_t) override {
    return open([] { return Value(Value::Array()); });
  }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    // 406 is nlohmann's number overflow; its own texts quote the input, which may be anything.
    problem_ = fmt::format("{} at byte {}", error.id == 406 ? "number out of range" : "not valid JSON", position);
    return false;
  }

 private:
  struct Container {
    Value* value;
    const Projection* kept;
  };

  template <typename Make>
  bool add(const Make& make) {
    if (!count()) return false;
    if (is_kept()) place(make());
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
    if (open_.size() + skipped_ == deepest_nesting) {
      problem_ = fmt::format("nested more than {} levels deep", deepest_nesting);
      return false;
    }
    if (!count()) return false;
    if (is_kept()) {
      const Projection* kept = kept_of_next();
      Value* value = place(make());
      if (auto* members = value->object()) members->reserve(kept->size());
      open_.push_back({value, kept});
    } else {
      ++skipped_;
    }
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
  OpenKeys keys_;
  std::string problem_;
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
  constexpr char32_t replacement = 0xfffd;  // RFC 8259 section 8.1: JSON text is UTF-8, whatever the string held
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
      ++i;
      continue;
    }
    const auto c = unicode::decode_at(text, i);
    const std::size_t length = c ? c->length : 1;
    if (!c || c->value < 0x80 || unicode::is_hidden(c->value)) {
      out.append(text.substr(done, i - done));
      write_escape(c ? c->value : replacement, out);
      done = i + length;
    }
    i += length;
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
  Builder builder(kept);
  if (nlohmann::json::sax_parse(text, &builder)) return builder.take();
  problem = builder.problem();
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
