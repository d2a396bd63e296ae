/// A text that must not be printed: a token or a signing key.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace bookafy {

/// No stream or formatter takes a Secret; `reveal` is the one way to its text, so a search for it finds every use.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace bookafy
