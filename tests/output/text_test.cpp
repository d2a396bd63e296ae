#include "output/text.hpp"

#include "api/unicode.hpp"
#include "catch.hpp"

using namespace bookafy;
using namespace bookafy::output;

TEST_CASE("hostile characters are shown escaped", "[output][text]") {
  struct Case {
    std::string raw;
    std::string shown;
  };
  auto c = GENERATE(values<Case>({
      {"", ""},
      {"plain text ~", "plain text ~"},
      {"a\\nb", "a\\nb"},
      {"two\nlines\tand\rmore", "two\\nlines\\tand\\rmore"},
      {std::string("nul\0end", 7), "nul\\x00end"},
      {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
      {"\x07\x08\x7f", "\\x07\\x08\\x7f"},
      {"csi \u009b31m nel \u0085", "csi \\u009b31m nel \\u0085"},
      {"first \u0080 last \u009f after \u00a0", "first \\u0080 last \\u009f after \u00a0"},
      {"evil\u202egnp.exe", "evil\\u202egnp.exe"},
      {"\u061c\u200e\u200f", "\\u061c\\u200e\\u200f"},
      {"\u2028\u2029\u202a\u202b\u202c\u202d", "\\u2028\\u2029\\u202a\\u202b\\u202c\\u202d"},
      {"\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"},
      {"\ufeffbom", "\\ufeffbom"},
      {"neighbours \u2027 \u202f \u2065 \u206a", "neighbours \u2027 \u202f \u2065 \u206a"},
      {"日本語 مرحبا e\u0301 👩\u200d💻", "日本語 مرحبا e\u0301 👩\u200d💻"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"stray \x80", "stray \\x80"},
      {"overlong \xc0\xaf \xe0\x80\xaf \xf0\x80\x80\xaf", "overlong \\xc0\\xaf \\xe0\\x80\\xaf \\xf0\\x80\\x80\\xaf"},
      {"surrogate \xed\xa0\x80", "surrogate \ufffd"},
      {"too large \xf4\x90\x80\x80 \xf8\x88\x80\x80\x80", "too large \\xf4\\x90\\x80\\x80 \\xf8\\x88\\x80\\x80\\x80"},
      {"largest \U0010ffff", "largest \U0010ffff"},
      {"cut short \xe6\x97", "cut short \\xe6\\x97"},
      {"broken \xe6\x97z", "broken \\xe6\\x97z"},
      {"escape in a broken sequence \xe6\x1b[m", "escape in a broken sequence \\xe6\\x1b[m"},
  }));
  CHECK(printable(c.raw) == c.shown);
}

TEST_CASE("no byte pair gets a raw control through", "[output][text]") {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string shown = printable(std::string{static_cast<char>(first), static_cast<char>(second)});
      for (std::size_t at = 0; at < shown.size();) {
        const auto c = unicode::decode_at(shown, at);
        if (!c || unicode::is_hidden(c->value)) FAIL("bytes " << first << ' ' << second);
        at += c->length;
      }
    }
}

TEST_CASE("text is measured as a terminal shows it", "[output][text]") {
  struct Case {
    std::string text;
    int width;
  };
  auto c = GENERATE(values<Case>({
      {"", 0},
      {"ascii", 5},
      {"Zoë", 3},
      {"Zoe\u0308", 3},
      {"日本語", 6},
      {"ｆｕｌｌ", 8},
      {"한국어", 6},
      {"😀", 2},
      {"مرحبا", 5},
      {"ไทย", 3},
      {"นี้", 1},
      {"zero\u200bwidth", 9},
  }));
  INFO(c.text);
  CHECK(display_width(c.text) == c.width);
}

TEST_CASE("text is cut to a width", "[output][text]") {
  struct Case {
    std::string text;
    int width;
    std::string cut;
  };
  auto c = GENERATE(values<Case>({
      {"fits", 4, "fits"},
      {"does not fit", 5, "does…"},
      {"x", 0, ""},
      {"xy", 1, "…"},
      {"日本語", 6, "日本語"},
      {"日本語", 5, "日本…"},
      {"日本語", 4, "日…"},
      {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
      {"", 3, ""},
      {"text", -1, ""},
  }));
  INFO(c.text << " to " << c.width);
  CHECK(cut_to_width(c.text, c.width) == c.cut);
}
