#include "manifest/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "api/unicode.hpp"
#include "manifest/surrogates.hpp"

namespace bookafy::manifest {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

Position position(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

[[noreturn]] void complain(Position at, std::string text) { throw Unreadable({at, std::move(text)}); }

/// yaml-cpp takes U+0004 for the end of its input and passes broken UTF-8 on: neither reaches it.
void check_characters(std::string_view text) {
  Position at;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = unicode::decode_at(text, i);
    if (!c) complain(at, "this is not UTF-8");
    const bool is_break = c->value == '\n' || c->value == '\r' || c->value == '\t';
    if ((c->value < 0x20 && !is_break) || c->value == 0x7f)
      complain(at, fmt::format("control character U+{:04X}", static_cast<unsigned>(c->value)));
    i += c->length;
    if (c->value == '\n')
      at = {at.line + 1, 1};
    else
      at.column += static_cast<int>(c->length);
  }
}

/// Puts the parser's events together. Aliases share what they stand for, so they cost nothing here; `size` keeps count
/// of what following them would.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const Joined& text) : text_(text) {}
  std::shared_ptr<const Node> take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(begun_, true)) complain(at(mark), "a second document begins here; one is expected");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(mark, {.kind = Node::Kind::null, .at = at(mark)}, anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag, "str");
    if (!open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().key) return take_key(mark, value);
    add(mark, {.kind = Node::Kind::text, .at = at(mark), .text = value}, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(mark, tag, "seq");
    open(mark, Node::Kind::list, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(mark, tag, "map");
    open(mark, Node::Kind::map, anchor);
  }
  void OnMapEnd() override { close(); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) complain(at(mark), "an alias inside of what it stands for");
    place(at(mark), found->second);
  }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<Item> key{};                    ///< of the member whose value comes next
    std::unordered_map<std::string, int> keys{};  ///< with the line of each
  };

  Position at(const YAML::Mark& mark) const { return text_.original(position(mark)); }

  void check_tag(const YAML::Mark& mark, const std::string& tag, std::string_view own) const {
    if (tag.empty() || tag == "?" || tag == "!" || tag == fmt::format("tag:yaml.org,2002:{}", own)) return;
    complain(at(mark), fmt::format("the tag {} means nothing here", tag));
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    const auto [first, is_new] = open_.back().keys.emplace(key, mark.line + 1);
    if (!is_new) complain(at(mark), fmt::format("{} is given twice; first in line {}", key, first->second));
    open_.back().key = Item{.key = key, .key_at = at(mark)};
  }

  void open(const YAML::Mark& mark, Node::Kind kind, YAML::anchor_t anchor) {
    check_not_key(at(mark));
    open_.push_back({.node = {.kind = kind, .at = at(mark)}, .anchor = anchor});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.anchor);
  }

  void add(const YAML::Mark& mark, Node node, YAML::anchor_t anchor) {
    check_not_key(at(mark));
    finish(std::move(node), anchor);
  }

  void check_not_key(Position at) const {
    if (!open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().key)
      complain(at, "a key must be a text");
  }

  void finish(Node node, YAML::anchor_t anchor) {
    const Position at = node.at;
    auto shared = std::make_shared<const Node>(std::move(node));
    if (anchor != YAML::NullAnchor) anchors_[anchor] = shared;
    place(at, std::move(shared));
  }

  void place(Position at, std::shared_ptr<const Node> node) {
    check_not_key(at);
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Node& parent = open_.back().node;
    parent.size += node->size;
    if (parent.size > most_nodes)
      complain(at, fmt::format("this grows to more than {} parts, all aliases followed", most_nodes));
    Item item = std::exchange(open_.back().key, std::nullopt).value_or(Item{});
    item.at = at;
    item.node = std::move(node);
    parent.items.push_back(std::move(item));
  }

  const Joined& text_;
  bool begun_ = false;
  std::shared_ptr<const Node> root_ = std::make_shared<const Node>();
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, std::shared_ptr<const Node>> anchors_;
};

}  // namespace

std::shared_ptr<const Node> read_document(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.size() > largest_text) complain({}, fmt::format("it is larger than {} KiB", largest_text / 1024));
  check_characters(text);
  const Joined joined = join_surrogates(text);
  std::istringstream stream(joined.text);
  Builder builder(joined);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::DeepRecursion& error) {
    complain(joined.original(position(error.mark)), "this nests too deeply");
  } catch (const YAML::Exception& error) {
    complain(joined.original(position(error.mark)), fmt::format("this is not YAML: {}", error.msg));
  }
  return builder.take();
}

}  // namespace bookafy::manifest
