// A JSON document without its text.
#include "bookafy/value.hpp"

#include "catch.hpp"

using namespace bookafy;

namespace {

const Value document = Value::Object{
    {"uri", "u"},
    {"tracking", Value::Object{{"utm_source", "news"}, {"utm_term", nullptr}}},
    {"rows", Value::Array{Value::Object{{"answer", "first"}}, Value::Object{{"answer", "second"}}}},
    {"", Value::Object{{"", 5}}},
    {"twice", 1},
    {"twice", 2},
};

}  // namespace

TEST_CASE("dotted paths lead through objects and arrays") {
  struct Row {
    std::string path;
    Value value;
  };
  for (const auto& [path, value] : std::vector<Row>{{"uri", "u"},
                                                    {"tracking.utm_source", "news"},
                                                    {"tracking.utm_term", nullptr},
                                                    {"rows.0.answer", "first"},
                                                    {"rows.1.answer", "second"},
                                                    {"rows.01.answer", "second"},
                                                    {".", 5},
                                                    {"twice", 2}}) {
    INFO(path);
    REQUIRE(document.at_path(path));
    CHECK(*document.at_path(path) == value);
  }
  for (const std::string path : {"x", "uri.x", "uri.0", "rows", "rows.2.answer", "rows.-1.answer", "rows.answer",
                                 "rows.0x.answer", "rows..answer", "rows.99999999999999999999.answer",
                                 "tracking.utm_source.x", "tracking.", ".x", "..", "rows.+0.answer"}) {
    INFO(path);
    CHECK((path == "rows") == (document.at_path(path) != nullptr));
  }
  CHECK(Value(5).at_path("x") == nullptr);
  CHECK(Value().at_path("") == nullptr);
}

TEST_CASE("members by name") {
  CHECK(document.text_at("uri") == "u");
  CHECK(document.text_at("twice").empty());
  CHECK(document.text_at("missing").empty());
  CHECK(Value("text").text_at("x").empty());
  CHECK(Value().find("x") == nullptr);

  Value body;
  body.set("a", 1);
  body.set("b", "two");
  body.set("a", 3);
  CHECK(body == Value(Value::Object{{"a", 3}, {"b", "two"}}));
}
