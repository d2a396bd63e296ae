#include "output/table.hpp"

#include <fmt/format.h>

#include <sstream>

#include "api/codec.hpp"
#include "catch.hpp"
#include "output/cell.hpp"
#include "output/sheet.hpp"
#include "output/text.hpp"

using namespace bookafy;
using namespace bookafy::output;

namespace {

std::string table(const std::vector<std::string>& columns, const std::vector<std::string>& rows, int width = 0,
                  bool color = false) {
  Table printed(columns, color, width);
  std::string text;
  for (const std::string& json : rows) text += printed.add(codec::decode(json));
  return text += printed.release();
}

std::string hook_row(std::string_view state) {
  return fmt::format(R"({{"uri":"https://api.bookafy.com/webhook_subscriptions/7c9e6679-7425-40de-944b-e07fc1f90ae7",)"
                     R"("callback_url":"https://hooks.example.org/bookafy/incoming","events":["invitee.created",)"
                     R"("invitee.canceled"],"scope":"organization","state":"{}",)"
                     R"("created_at":"2026-11-23T09:15:42.118204Z"}})",
                     state);
}

const std::vector<std::string> hook_columns{"uri", "callback_url", "events", "scope", "state", "created_at"};

}  // namespace

TEST_CASE("a table is aligned by display width", "[output][table]") {
  const std::vector<std::string> names{
      R"({"name":"Zoë","n":1,"note":"x"})",
      R"({"name":"日本語","n":22})",
      R"({"name":"Zoe\u0308","n":-3,"note":"y"})",
      R"({"name":null,"n":1.50,"note":""})",
      R"({"name":"😀 مرحبا","n":18446744073709551615,"note":"z"})",
      R"({"name":"a\n\u202eb\u001b[2J","n":true})",
  };
  CHECK(table({"name", "n", "note"}, names) ==
        "NAME               N                     NOTE\n"
        "Zoë                1                     x\n"
        "日本語             22\n"
        "Zoe\u0308                -3                    y\n"
        "                   1.50\n"
        "😀 مرحبا           18446744073709551615  z\n"
        "a\\n\\u202eb\\x1b[2J  true\n");
}

TEST_CASE("no rows, no table", "[output][table]") {
  CHECK(table({"a"}, {}).empty());
  CHECK(table({"a"}, {}, 80, true).empty());
}

TEST_CASE("a table holds back only the first rows", "[output][table]") {
  Table printed({"n"}, false, 0);
  std::string text;
  for (int i = 1; i < 200; ++i) text += printed.add(Value(Value::Object{{"n", Value(i)}}));
  CHECK(text.empty());
  text = printed.add(Value(Value::Object{{"n", Value(200)}}));
  CHECK(text.starts_with("N\n1\n2\n"));
  CHECK(text.ends_with("\n200\n"));
  CHECK(printed.add(Value(Value::Object{{"n", Value("later and wider")}})) == "later and wider\n");
  CHECK(printed.release().empty());
}

TEST_CASE("after a release rows stream with the widths learnt", "[output][table]") {
  Table printed({"a", "b"}, false, 0);
  CHECK(printed.release().empty());
  CHECK(printed.add(codec::decode(R"({"a":"four","b":1})")).empty());
  CHECK(printed.release() == "A     B\nfour  1\n");
  CHECK(printed.add(codec::decode(R"({"a":"x","b":2})")) == "x     2\n");
  CHECK(printed.add(codec::decode(R"({"a":"a wide one","b":3})")) == "a wide one  3\n");
  Table narrow({"a", "b"}, false, 12);
  narrow.add(codec::decode(R"({"a":"four","b":1})"));
  narrow.release();
  CHECK(narrow.add(codec::decode(R"({"a":"a wide one","b":3})")) == "a w…  3\n");
}

TEST_CASE("ids and times are short", "[output][table]") {
  struct Case {
    std::string column;
    std::string json;
    std::string cell;
  };
  auto c = GENERATE(values<Case>({
      {"uri", R"({"uri":"https://api.bookafy.com/webhook_subscriptions/ABC"})", "ABC"},
      {"uri", R"({"uri":"http://127.0.0.1:8025/scheduled_events/EV/invitees/IN"})", "EV/IN"},
      {"payload.uri", R"({"payload":{"uri":"https://api.bookafy.com/scheduled_events/EV"}})", "EV"},
      {"uri", R"({"uri":"https://elsewhere.example/\u001b[2J"})", "https://elsewhere.example/\\x1b[2J"},
      {"uri", R"({"uri":7})", "7"},
      {"user", R"({"user":"https://api.bookafy.com/users/ABC"})", "https://api.bookafy.com/users/ABC"},
      {"xuri", R"({"xuri":"https://api.bookafy.com/users/ABC"})", "https://api.bookafy.com/users/ABC"},
      {"t", R"({"t":"2026-11-23T09:15:42.118204Z"})", "2026-11-23 09:15Z"},
      {"events", R"({"events":["a","b"]})", "a,b"},
      {"tags", R"({"tags":["a","b"]})", R"(["a","b"])"},
  }));
  CHECK(readable_cell(c.column, codec::decode(c.json).at_path(c.column)) == c.cell);
}

TEST_CASE("only times of RFC 3339 are shortened", "[output][table]") {
  struct Case {
    std::string text;
    std::string shown;
  };
  auto c = GENERATE(values<Case>({
      {"2026-11-23T09:15:42Z", "2026-11-23 09:15Z"},
      {"2026-11-23T09:15:42.1Z", "2026-11-23 09:15Z"},
      {"2026-11-23T09:15:42.118204118Z", "2026-11-23 09:15Z"},
      {"2026-11-23T09:15:42+00:00", "2026-11-23 09:15Z"},
      {"2026-11-23T09:15:42.5+02:00", "2026-11-23 09:15+02:00"},
      {"2026-11-23T09:15:42-05:30", "2026-11-23 09:15-05:30"},
      {"2026-11-23T09:15:42", "2026-11-23T09:15:42"},
      {"2026-11-23T09:15:42.5", "2026-11-23T09:15:42.5"},
      {"2026-11-23T09:15:42Z and more", "2026-11-23T09:15:42Z and more"},
      {"2026-11-23 09:15:42Z", "2026-11-23 09:15:42Z"},
      {"2026-11-23", "2026-11-23"},
      {"at 2026-11-23T09:15:42Z", "at 2026-11-23T09:15:42Z"},
      {"", ""},
  }));
  CHECK(shortened_time(c.text) == c.shown);
}

TEST_CASE("on a terminal a table fits, the widest columns first", "[output][table]") {
  const std::string whole = table(hook_columns, {hook_row("active")});
  CHECK(
      whole ==
      "URI                                   CALLBACK_URL                                EVENTS                       "
      "     SCOPE         STATE   CREATED_AT\n"
      "7c9e6679-7425-40de-944b-e07fc1f90ae7  https://hooks.example.org/bookafy/incoming  "
      "invitee.created,invitee.canceled  organization  active  2026-11-23 09:15Z\n");
  CHECK(table(hook_columns, {hook_row("active")}, 160) == whole);
  CHECK(table(hook_columns, {hook_row("active")}, 120) ==
        "URI                                   CALLBACK_URL         EVENTS                SCOPE         STATE   "
        "CREATED_AT\n"
        "7c9e6679-7425-40de-944b-e07fc1f90ae7  https://hooks.exam…  invitee.created,inv…  organization  active  "
        "2026-11-23 09:15Z\n");
  CHECK(table(hook_columns, {hook_row("active")}, 80) ==
        "URI          CALLBACK_URL  EVENTS        SCOPE         STATE   CREATED_AT\n"
        "7c9e6679-7…  https://hoo…  invitee.cre…  organization  active  2026-11-23 09:15Z\n");
}

TEST_CASE("no line is wider than the terminal", "[output][table]") {
  for (int width = 1; width < 170; ++width) {
    std::istringstream lines(table(hook_columns, {hook_row("active"), hook_row("disabled")}, width));
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(width, line);
      CHECK(display_width(line) <= width);
      CHECK_FALSE(line.ends_with(' '));
    }
  }
}

TEST_CASE("a disabled row stands out in color only", "[output][table]") {
  const std::vector<std::string> rows{R"({"id":"a","state":"active"})", R"({"id":"b","state":"disabled"})"};
  CHECK(table({"id", "state"}, rows) == "ID  STATE\na   active\nb   disabled\n");
  CHECK(table({"id", "state"}, rows, 0, true) == "ID  STATE\na   active\n\x1b[1;31mb   disabled\x1b[0m\n");
  CHECK(table({"id"}, rows, 0, true) == "ID\na\n\x1b[1;31mb\x1b[0m\n");
}

TEST_CASE("a sheet shows the whole resource, its paths as --fields takes them", "[output][sheet]") {
  const Value invitee = codec::decode(
      R"({"uri":"https://x/users/ABC","name":"Zo\u001b[2J","created_at":"2026-11-23T09:15:42.118204Z",)"
      R"("tracking":{"utm_source":"ad","utm_term":null},"questions_and_answers":[{"answer":"yes\nno","position":0}],)"
      R"("events":["a","b"],"guests":[],"location":{},"mixed":["a",1],"big":9007199254740993,"price":1.50,)"
      R"("state":"disabled","\u001bkey":false})");
  const std::string text =
      "uri                               https://x/users/ABC\n"
      "name                              Zo\\x1b[2J\n"
      "created_at                        2026-11-23 09:15Z\n"
      "tracking.utm_source               ad\n"
      "tracking.utm_term\n"
      "questions_and_answers.0.answer    yes\\nno\n"
      "questions_and_answers.0.position  0\n"
      "events                            a,b\n"
      "guests\n"
      "location\n"
      "mixed.0                           a\n"
      "mixed.1                           1\n"
      "big                               9007199254740993\n"
      "price                             1.50\n"
      "state                             disabled\n"
      "\\x1bkey                           false\n";
  CHECK(sheet(invitee, {}, false) == text);
  CHECK(sheet(invitee, {"state", "tracking", "none.such", "mixed.1"}, true) ==
        "state                \x1b[1;31mdisabled\x1b[0m\n"
        "tracking.utm_source  ad\n"
        "tracking.utm_term\n"
        "none.such\n"
        "mixed.1              1\n");
}

TEST_CASE("a sheet of something that is no object", "[output][sheet]") {
  CHECK(sheet(Value("text\n"), {}, false) == "text\\n\n");
  CHECK(sheet(Value(5), {}, false) == "5\n");
  CHECK(sheet(Value(), {}, false) == "\n");
}
