// JSON as strangers write it.
#include "api/codec.hpp"

#include "catch.hpp"

using namespace bookafy;

TEST_CASE("what is read is written back unchanged") {
  for (const std::string text : {
           R"(null)",
           R"(true)",
           R"(false)",
           R"(0)",
           R"(-1)",
           R"("")",
           R"([])",
           R"({})",
           R"([[],{}])",
           R"({"zeta":1,"alpha":2,"unknown":{"x":[1,null,false]}})",
           R"([9223372036854775807,-9223372036854775808])",
           R"([9223372036854775808,18446744073709551615])",
           R"([123456789012345678901234567890,-9223372036854775809])",
           R"([1.50,0.1,1e5,1E-5,-0.0,3.141592653589793238462643383279])",
           R"("\"\\\b\f\n\r\t\u0000\u001f")",
           R"("Zoë — 日本 😀")",
           R"({"":{"":""}})",
           R"([-0,0,-0.0,1.10,-0e0,-1])",
           R"([1e400,-1e99999999999,1E+309,1.5e0999,1e-400])",
           R"("\ud83d")",
           R"("a\ude00\ud83db\u0000\ud83d😀")",
           R"({"\udfff":"\u0000#1e400","\u00000":[1e400,"\u0000d83d"]})",
       }) {
    INFO(text);
    CHECK(codec::encode(codec::decode(text)) == text);
  }
}

TEST_CASE("escapes and white space are read as what they mean") {
  CHECK(*codec::decode(R"("\u00eb\ud83d\ude00\/")").string() == "ë😀/");
  CHECK(codec::decode(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n") == Value(Value::Object{{"a", Value::Array{1, 2}}}));
}

TEST_CASE("a number of any length is kept") {
  const std::string digits(5000, '7');
  for (const std::string& text : {digits, "-" + digits, digits + ".5", "0." + digits, digits + "e7"}) {
    CHECK(codec::encode(codec::decode("[" + text + "]")) == "[" + text + "]");
    CHECK(codec::decode(text) == Value(Value::Decimal{text}));
    std::string problem;
    CHECK(codec::decode(text, problem));
    CHECK(problem.empty());
  }
}

TEST_CASE("half of a surrogate pair stays half of one") {
  CHECK(codec::decode(R"("\uD83D")") == codec::decode(R"("\ud83d")"));
  CHECK(codec::encode(codec::decode(R"("\uD83D\uDE00 \uDE00\uD83D")")) == R"("😀 \ude00\ud83d")");
  CHECK(codec::encode(codec::decode(R"("\\ud83d \\\ud83d")")) == R"("\\ud83d \\\ud83d")");
  CHECK(codec::encode(codec::decode(R"(["퟿ 가",1e400])")) == R"(["퟿ 가",1e400])");
}

TEST_CASE("of members with the same name the last one counts, in the place of the first") {
  struct Row {
    std::string text, read;
  };
  for (const auto& [text, read] : std::vector<Row>{
           {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
           {R"({"a":1,"\u0061":2,"a":{"x":1,"x":2}})", R"({"a":{"x":2}})"},
           {R"([{"x":{"a":1,"a":1}},{"":0,"":1}])", R"([{"x":{"a":1}},{"":1}])"},
           {R"({"b":[],"a":1,"b":{},"c":1,"b":null,"a":2})", R"({"b":null,"a":2,"c":1})"},
           {R"({"\ud83d":1,"\ud83d":2})", R"({"\ud83d":2})"},
       })
    CHECK(codec::encode(codec::decode(text)) == read);
  std::string many = "{";
  for (int i = 0; i < 200'000; ++i) many += R"("a":1,)";
  CHECK(codec::encode(codec::decode(many + R"("a":2})")) == R"({"a":2})");
}

TEST_CASE("what a terminal would act on is written as escapes, and read back unchanged") {
  struct Row {
    std::string text, json;
  };
  for (const auto& [text, json] : std::vector<Row>{{"\x1b[2J", R"("\u001b[2J")"},
                                                   {"\x7f", R"("\u007f")"},
                                                   {"\xc2\x9b", R"("\u009b")"},
                                                   {"\xe2\x80\xae", R"("\u202e")"},
                                                   {"\xe2\x81\xa6", R"("\u2066")"},
                                                   {"\xe2\x80\xa8", R"("\u2028")"},
                                                   {"\xef\xbb\xbf", R"("\ufeff")"}}) {
    CHECK(codec::encode(Value(text)) == json);
    CHECK(*codec::decode(json).string() == text);
  }
  // No decoded text holds such bytes; ours might.
  CHECK(codec::encode(Value(std::string("a\xff"
                                        "b\xc3"))) == R"("a\ufffdb\ufffd")");
}

TEST_CASE("what is no JSON is refused with a reason that quotes nothing of it") {
  struct Row {
    std::string name, text, reason;
  };
  const std::string deep(codec::deepest_nesting + 1, '[');
  for (const auto& [name, text, reason] : std::vector<Row>{
           {"empty", "", "not valid JSON"},
           {"cut off", R"({"a":)", "not valid JSON"},
           {"a second text", R"({} {})", "not valid JSON"},
           {"garbage after it", R"({}x)", "not valid JSON"},
           {"a byte order mark", "\xef\xbb\xbf{}", "byte order mark"},
           {"a byte order mark alone", "\xef\xbb\xbf", "byte order mark"},
           {"UTF-16", std::string("\xff\xfe{\0}\0", 6), "not valid JSON"},
           {"a lone byte", "\"\xff\"", "not valid JSON"},
           {"an overlong form", "\"\xc0\xaf\"", "not valid JSON"},
           {"an encoded surrogate", "\"\xed\xa0\x80\"", "not valid JSON"},
           {"a raw control", "\"a\nb\"", "not valid JSON"},
           {"a NUL", std::string("\"a\0b\"", 5), "not valid JSON"},
           {"a comment", "{}//x", "not valid JSON"},
           {"single quotes", "{'a':1}", "not valid JSON"},
           {"a trailing comma", "[1,]", "not valid JSON"},
           {"NaN", "NaN", "not valid JSON"},
           {"a leading zero", "01", "not valid JSON"},
           {"a large number with a leading zero", "01e999", "not valid JSON"},
           {"two large numbers", "[1e9991e999]", "not valid JSON"},
           {"a large number with two signs", "--1e999", "not valid JSON"},
           {"a large number without exponent", "1e+", "not valid JSON"},
           {"a large number after a word", "true1e999", "not valid JSON"},
           {"a large number as a name", "{1e999:1}", "not valid JSON"},
           {"a large number after a string", R"(["a"1e999])", "not valid JSON"},
           {"half a pair outside of a string", R"([\ud83d])", "not valid JSON"},
           {"half a pair cut off", R"(["\ud83d","\ud83)", "not valid JSON"},
           {"half a pair and no end", R"(["\ud83d")", "not valid JSON"},
           {"half a pair and a raw NUL", std::string("[\"\\ud83d\0\"]", 11), "not valid JSON"},
           {"too deep", deep + std::string(deep.size(), ']'), "levels deep"},
           {"bottomless", std::string(1'000'000, '['), "levels deep"},
           {"bottomless objects",
            [] {
              std::string text;
              for (int i = 0; i < 100'000; ++i) text += R"({"a":)";
              return text;
            }(),
            "levels deep"},
       }) {
    INFO(name);
    std::string problem;
    CHECK(!codec::decode(text, problem));
    CHECK(problem.find(reason) != std::string::npos);
    CHECK(problem.size() < 80);
    CHECK_THROWS_AS(codec::decode(text), codec::Malformed);
  }
}

TEST_CASE("as deep as allowed") {
  const std::string open(codec::deepest_nesting, '['), close(codec::deepest_nesting, ']');
  CHECK(codec::encode(codec::decode(open + close)) == open + close);
}

TEST_CASE("more values than any answer has are refused before they fill the memory") {
  std::string text = "[0";
  for (int i = 0; i < codec::most_values; ++i) text += ",0";
  text += "]";
  std::string problem;
  CHECK(!codec::decode(text, problem));
  CHECK(problem.find("more than") != std::string::npos);
}

TEST_CASE("indented for people") {
  CHECK(codec::encode_indented(codec::decode(R"({"a":[1,{"b":{}}],"c":[]})")) ==
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": {}\n    }\n  ],\n  \"c\": []\n}");
}

TEST_CASE("what nobody looks at is checked and not kept") {
  struct Row {
    std::vector<std::string> paths;
    std::string kept;
  };
  const std::string text =
      R"({"resource":{"uri":"u","tracking":{"utm_source":"n","utm_term":[1,{"x":2}]},"list":[{"a":1},{"b":2}]},"other":[[]]})";
  for (const auto& [paths, kept] : std::vector<Row>{
           {{}, text},
           {{"uri"}, R"({"resource":{"uri":"u"}})"},
           {{"tracking.utm_source", "uri"}, R"({"resource":{"uri":"u","tracking":{"utm_source":"n"}}})"},
           {{"tracking.utm_source", "tracking"},
            R"({"resource":{"tracking":{"utm_source":"n","utm_term":[1,{"x":2}]}}})"},
           {{"list.1.b"}, R"({"resource":{"list":[{"a":1},{"b":2}]}})"},
           {{"uri.below", "absent"}, R"({"resource":{"uri":"u"}})"},
       }) {
    CHECK(codec::encode(codec::decode(text, Projection("resource", paths))) == kept);
  }
  Projection rows("collection.*", std::vector<std::string>{"a"});
  rows.add("pagination");
  CHECK(codec::encode(codec::decode(R"({"collection":[{"a":1,"b":2},3],"pagination":{"n":null},"c":0})", rows)) ==
        R"({"collection":[{"a":1},3],"pagination":{"n":null}})");
  const Projection nothing("resource", std::vector<std::string>{"absent"});
  for (const std::string broken : {R"({"x":")"
                                   "\xff"
                                   R"("})",
                                   R"({"x":{1e999:"\ud83d"}})", R"({"x":[1,]})"}) {
    INFO(broken);
    CHECK_THROWS_AS(codec::decode(broken, nothing), codec::Malformed);
  }
  const std::string deep(100'000, '['), ends(100'000, ']');
  for (const std::string& odd : {deep + ends, std::string(R"([1e999,"\ud83d",{"k":1,"k":2}])")}) {
    const std::string read = R"({"x":)" + odd + R"(,"resource":{"absent":1,"x":)" + odd + "}}";
    CHECK(codec::encode(codec::decode(read, nothing)) == R"({"resource":{"absent":1}})");
  }
}
