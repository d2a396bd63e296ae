#include "output/printer.hpp"

#include "api/codec.hpp"
#include "catch.hpp"
#include "output/string_writer.hpp"

using namespace bookafy;
using namespace bookafy::output;

namespace {

struct Show {
  Format format = Format::table;
  Shape shape = Shape::many;
  std::vector<std::string> fields{};
  std::vector<std::string> columns{"uri", "events", "state"};
  int width = 0;
  bool color = false;
};

std::string shown(const Show& how, const std::vector<std::string>& resources) {
  StringWriter out;
  Printer printer(out, {how.format, how.fields, how.color, how.width}, how.columns, how.shape);
  for (const std::string& json : resources) printer.print(codec::decode(json));
  CHECK(printer.count() == resources.size());
  printer.finish();
  CHECK(out.flushes == 1);
  return out.text;
}

const std::string hook =
    R"({"uri":"https://api.bookafy.com/webhook_subscriptions/7c9e","events":["invitee.created","invitee.canceled"],)"
    R"("state":"active","group":null})";

}  // namespace

TEST_CASE("format names are those of the command line", "[output][format]") {
  CHECK(parse_format("table") == Format::table);
  CHECK(parse_format("json") == Format::json);
  CHECK(parse_format("jsonl") == Format::jsonl);
  CHECK(parse_format("csv") == Format::csv);
  CHECK(parse_format("tsv") == Format::tsv);
  CHECK(parse_format("uri") == Format::uri);
  for (const char* name : {"", "JSON", "yaml", "js", "table "}) CHECK_FALSE(parse_format(name).has_value());
}

TEST_CASE("nothing to show", "[output][printer]") {
  struct Case {
    Format format;
    Shape shape;
    std::string text;
  };
  auto c = GENERATE(values<Case>({
      {Format::json, Shape::many, "[]\n"},
      {Format::jsonl, Shape::many, ""},
      {Format::csv, Shape::many, "uri,events,state\r\n"},
      {Format::tsv, Shape::many, "uri\tevents\tstate\n"},
      {Format::uri, Shape::many, ""},
      {Format::table, Shape::many, ""},
      {Format::json, Shape::one, ""},
      {Format::jsonl, Shape::one, ""},
      {Format::csv, Shape::one, "uri,events,state\r\n"},
      {Format::tsv, Shape::one, "uri\tevents\tstate\n"},
      {Format::uri, Shape::one, ""},
      {Format::table, Shape::one, ""},
  }));
  CAPTURE(c.format, c.shape);
  CHECK(shown({c.format, c.shape}, {}) == c.text);
  CHECK(shown({.format = c.format, .shape = c.shape, .columns = {}}, {}) == (c.text == "[]\n" ? "[]\n" : ""));
}

TEST_CASE("one resource in each format", "[output][printer]") {
  struct Case {
    Show how;
    std::string text;
  };
  auto c = GENERATE(values<Case>({
      {{Format::json, Shape::one},
       "{\n  \"uri\": \"https://api.bookafy.com/webhook_subscriptions/7c9e\",\n  \"events\": [\n    "
       "\"invitee.created\",\n    \"invitee.canceled\"\n  ],\n  \"state\": \"active\",\n  \"group\": null\n}\n"},
      {{Format::json, Shape::many},
       "[\n  {\n    \"uri\": \"https://api.bookafy.com/webhook_subscriptions/7c9e\",\n    \"events\": [\n      "
       "\"invitee.created\",\n      \"invitee.canceled\"\n    ],\n    \"state\": \"active\",\n    \"group\": null\n  "
       "}\n]\n"},
      {{Format::jsonl, Shape::many}, hook + "\n"},
      {{Format::jsonl, Shape::one}, hook + "\n"},
      {{Format::uri, Shape::many}, "https://api.bookafy.com/webhook_subscriptions/7c9e\n"},
      {{Format::csv, Shape::one},
       "uri,events,state\r\nhttps://api.bookafy.com/webhook_subscriptions/7c9e,\"invitee.created,invitee.canceled\","
       "active\r\n"},
      {{Format::tsv, Shape::one},
       "uri\tevents\tstate\nhttps://api.bookafy.com/webhook_subscriptions/7c9e\tinvitee.created,invitee.canceled\t"
       "active\n"},
      {{Format::table, Shape::many},
       "URI   EVENTS                            STATE\n7c9e  invitee.created,invitee.canceled  active\n"},
      {{Format::table, Shape::one},
       "uri     https://api.bookafy.com/webhook_subscriptions/7c9e\nevents  invitee.created,invitee.canceled\nstate   "
       "active\ngroup\n"},
  }));
  CAPTURE(c.how.format, c.how.shape);
  CHECK(shown(c.how, {hook}) == c.text);
}

TEST_CASE("fields choose columns and keys in every format", "[output][printer]") {
  const std::string invitee =
      R"({"uri":"https://x/scheduled_events/EV/invitees/IN","tracking":{"utm_source":"ad","salesforce_uuid":null},)"
      R"("questions_and_answers":[{"answer":"yes","position":0}]})";
  const std::vector<std::string> fields{"questions_and_answers.0.answer", "tracking.utm_source", "nothing.here",
                                        "tracking"};
  struct Case {
    Format format;
    Shape shape;
    std::string text;
  };
  auto c = GENERATE(values<Case>({
      {Format::jsonl, Shape::many,
       R"({"questions_and_answers.0.answer":"yes","tracking.utm_source":"ad","nothing.here":null,)"
       R"("tracking":{"utm_source":"ad","salesforce_uuid":null}})"
       "\n"},
      {Format::json, Shape::one,
       "{\n  \"questions_and_answers.0.answer\": \"yes\",\n  \"tracking.utm_source\": \"ad\",\n  \"nothing.here\": "
       "null,\n  \"tracking\": {\n    \"utm_source\": \"ad\",\n    \"salesforce_uuid\": null\n  }\n}\n"},
      {Format::csv, Shape::many,
       "questions_and_answers.0.answer,tracking.utm_source,nothing.here,tracking\r\n"
       "yes,ad,,\"{\"\"utm_source\"\":\"\"ad\"\",\"\"salesforce_uuid\"\":null}\"\r\n"},
      {Format::tsv, Shape::one,
       "questions_and_answers.0.answer\ttracking.utm_source\tnothing.here\ttracking\n"
       "yes\tad\t\t{\"utm_source\":\"ad\",\"salesforce_uuid\":null}\n"},
      {Format::table, Shape::many,
       "QUESTIONS_AND_ANSWERS.0.ANSWER  TRACKING.UTM_SOURCE  NOTHING.HERE  TRACKING\n"
       "yes                             ad                                 "
       "{\"utm_source\":\"ad\",\"salesforce_uuid\":null}\n"},
      {Format::table, Shape::one,
       "questions_and_answers.0.answer  yes\ntracking.utm_source             ad\nnothing.here\n"
       "tracking.utm_source             ad\ntracking.salesforce_uuid\n"},
      {Format::uri, Shape::many, "https://x/scheduled_events/EV/invitees/IN\n"},
  }));
  CAPTURE(c.format, c.shape);
  CHECK(shown({c.format, c.shape, fields}, {invitee}) == c.text);
}

TEST_CASE("JSON is the server's own", "[output][printer]") {
  const std::string strange =
      R"({"z":1,"a":{"unknown":[1,2.50,1e300,18446744073709551615,-9223372036854775808]},"big":9007199254740993,)"
      R"("text":"\u001b \u202e \" \\ 日本 \u0000"})";
  CHECK(shown({Format::jsonl, Shape::many}, {strange, "{}"}) == strange + "\n{}\n");
  const std::string array = shown({Format::json, Shape::many}, {strange, "{}", strange});
  CHECK(codec::encode(codec::decode(array)) == "[" + strange + ",{}," + strange + "]");
}

TEST_CASE("JSON stays UTF-8 whatever a string holds", "[output][printer]") {
  StringWriter out;
  Printer printer(out, {.format = Format::jsonl}, {}, Shape::many);
  printer.print(Value(Value::Object{{"path", Value("caf\xe9 \xed\xa0\x80")}}));
  CHECK(out.text == R"({"path":"caf\ufffd \ud800"})"
                    "\n");
}

TEST_CASE("csv cells", "[output][printer]") {
  struct Case {
    std::string json;
    std::string cell;
  };
  auto c = GENERATE(values<Case>({
      {R"("plain")", "plain"},
      {R"("a,b")", "\"a,b\""},
      {R"("say \"hi\"")", "\"say \"\"hi\"\"\""},
      {R"("two\nlines")", "\"two\nlines\""},
      {R"("two\r\nlines")", "\"two\r\nlines\""},
      {R"("=1+1")", "'=1+1"},
      {R"("+49 1")", "'+49 1"},
      {R"("-x")", "'-x"},
      {R"x("@SUM(A1)")x", "'@SUM(A1)"},
      {R"("\tx")", "'\tx"},
      {R"("\rx")", "\"'\rx\""},
      {R"x("=HYPERLINK(\"http://x\",\"y\")")x", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
      {R"("x=1")", "x=1"},
      {R"("'=1")", "'=1"},
      {"-5", "-5"},
      {"-1.50", "-1.50"},
      {"18446744073709551615", "18446744073709551615"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"true", "true"},
      {R"(["a","b"])", R"("[""a"",""b""]")"},
      {R"({"k":-1})", R"("{""k"":-1}")"},
      {R"("日本")", "日本"},
  }));
  CHECK(shown({.format = Format::csv, .columns = {"c", "d"}}, {R"({"c":)" + c.json + "}"}) ==
        "c,d\r\n" + c.cell + ",\r\n");
}

TEST_CASE("csv keeps a row of one empty cell and guards joined events", "[output][printer]") {
  CHECK(shown({.format = Format::csv, .columns = {"a"}}, {R"({"a":null})", R"({"a":""})", "{}"}) ==
        "a\r\n\"\"\r\n\"\"\r\n\"\"\r\n");
  CHECK(shown({.format = Format::csv, .columns = {"events", "x"}}, {R"({"events":["=cmd","b"]})"}) ==
        "events,x\r\n\"'=cmd,b\",\r\n");
  CHECK(shown({.format = Format::csv, .fields = {"a,b", "say \"x\""}}, {}) == "\"a,b\",\"say \"\"x\"\"\"\r\n");
}

TEST_CASE("tsv cells are exact", "[output][printer]") {
  struct Case {
    std::string json;
    std::string cell;
  };
  auto c = GENERATE(values<Case>({
      {R"("=1+1")", "=1+1"},
      {R"("tab\there")", "tab\\there"},
      {R"("line\nfeed\r")", "line\\nfeed\\r"},
      {R"("back\\slash\\n")", "back\\\\slash\\\\n"},
      {R"("\u001b \" ,")", "\x1b \" ,"},
      {R"({"k":"a\tb"})", R"({"k":"a\\tb"})"},
      {"2.50", "2.50"},
      {"null", ""},
      {"false", "false"},
      {"[]", "[]"},
  }));
  CHECK(shown({.format = Format::tsv, .columns = {"c", "d"}}, {R"({"c":)" + c.json + "}"}) ==
        "c\td\n" + c.cell + "\t\n");
}

TEST_CASE("events that are not names stay JSON", "[output][printer]") {
  CHECK(shown({.format = Format::tsv, .columns = {"events"}},
              {R"({"events":[1,"b"]})", R"({"events":[]})", R"({"events":"one"})", R"({"events":{"a":1}})"}) ==
        "events\n[1,\"b\"]\n\none\n{\"a\":1}\n");
}

TEST_CASE("on a terminal csv, tsv and uri carry no control either", "[output][printer]") {
  const std::string hostile = R"({"uri":"http://x/\u001b]0;t\u0007","b":"\u009b2J\t"})";
  CHECK(shown({.format = Format::csv, .columns = {"b"}, .width = 80}, {hostile}) == "b\r\n\\u009b2J\\t\r\n");
  CHECK(shown({.format = Format::tsv, .columns = {"b"}, .width = 80}, {hostile}) == "b\n\\u009b2J\\t\n");
  CHECK(shown({.format = Format::tsv, .columns = {"b"}, .width = 0}, {hostile}) == "b\n\u009b2J\\t\n");
  CHECK(shown({.format = Format::uri}, {hostile, "{}", R"({"uri":null})"}) == "http://x/\\x1b]0;t\\x07\n");
}

TEST_CASE("without columns the first resource names them", "[output][printer]") {
  CHECK(shown({.format = Format::csv, .columns = {}}, {R"({"b":1,"a":2})", R"({"a":4,"c":5,"b":3})"}) ==
        "b,a\r\n1,2\r\n3,4\r\n");
  CHECK(shown({.format = Format::table, .columns = {}}, {R"({"b":1,"a":2})"}) == "B  A\n1  2\n");
}

TEST_CASE("a JSON array arrives element by element", "[output][printer]") {
  StringWriter out;
  Printer printer(out, {.format = Format::json}, {}, Shape::many);
  CHECK(out.text.empty());
  printer.print(codec::decode(R"({"n":1})"));
  CHECK(out.text == "[\n  {\n    \"n\": 1\n  }");
  printer.flush();
  CHECK(out.flushes == 1);
  printer.print(codec::decode(R"({"n":2})"));
  CHECK(out.text == "[\n  {\n    \"n\": 1\n  },\n  {\n    \"n\": 2\n  }");
  printer.finish();
  printer.finish();
  CHECK(out.text == "[\n  {\n    \"n\": 1\n  },\n  {\n    \"n\": 2\n  }\n]\n");
}

TEST_CASE("an error on the way leaves what was printed, and nothing pretends to be whole", "[output][printer]") {
  StringWriter out;
  {
    Printer table(out, {.format = Format::table}, {"n"}, Shape::many);
    table.print(codec::decode(R"({"n":1})"));
    CHECK(out.text.empty());
    Printer moved(std::move(table));
    Printer header(out, {.format = Format::csv}, {"n"}, Shape::many);
  }
  CHECK(out.text == "N\n1\n");
  out.text.clear();
  { Printer(out, {.format = Format::json}, {}, Shape::many).print(Value(1)); }
  CHECK(out.text == "[\n  1");
}
