// The file of wished subscriptions: what is read, and that every mistake is told with its place.
#include "manifest/manifest.hpp"

#include <algorithm>
#include <optional>

#include "bookafy/error.hpp"
#include "catch.hpp"

using namespace bookafy;
using manifest::read;

namespace {

std::vector<std::string> complaints(std::string_view text) {
  std::vector<std::string> told;
  try {
    read(text, "f");
  } catch (const Error& error) {
    CHECK(error.kind == ErrorKind::usage);
    for (const auto& detail : error.details) told.push_back(detail.parameter + ": " + detail.message);
  }
  return told;
}

bool same(const manifest::Entry& a, const manifest::Entry& b) {
  auto key = [](const manifest::Entry& entry) {
    return entry.signing_key ? std::pair(entry.signing_key->kind, entry.signing_key->name)
                             : std::pair(manifest::KeySource::Kind::file, std::string());
  };
  return a.url == b.url && a.scope == b.scope && a.events == b.events && a.organization == b.organization &&
         a.user == b.user && a.group == b.group && key(a) == key(b) && a.check_events == b.check_events;
}

const std::string whole = R"(# what we listen to
subscriptions:
  - url: https://hooks.example.org/bookafy
    scope: organization
    events: [invitee.created, invitee.canceled]
    signing_key: {env: BOOKAFY_SIGNING_KEY}
  - url: "https://hooks.example.org/team?a=1&b=%20"
    scope: group
    group: d3b07384-d9a0-4c9b-8f0e-6a2f1c7e5b48
    events:
      - invitee.created
    signing_key:
      file: keys/team
  - url: https://hooks.example.org/new
    check_events: false
    events: [something.new]
)";

const std::string whole_json = R"({
	"$schema": "bookafy.schema.json",
	"subscriptions": [
		{"url": "https:\/\/hooks.example.org\/bookafy", "scope": "organization",
		 "events": ["invitee.created", "invitee.cancel\u0065d"], "signing_key": {"env": "BOOKAFY_SIGNING_KEY"}},
		{"url": "https://hooks.example.org/team?a=1&b=%20", "scope": "group",
		 "group": "d3b07384-d9a0-4c9b-8f0e-6a2f1c7e5b48", "events": ["invitee.created"],
		 "signing_key": {"file": "keys/team"}},
		{"url": "https://hooks.example.org/new", "check_events": false, "events": ["something.new"]}
	]
})";

}  // namespace

TEST_CASE("everything that can be said is read") {
  const auto entries = read(whole, "f");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].url == "https://hooks.example.org/bookafy");
  CHECK(entries[0].scope == Scope::organization);
  CHECK(entries[0].events == std::vector<std::string>{"invitee.created", "invitee.canceled"});
  REQUIRE(entries[0].signing_key);
  CHECK(entries[0].signing_key->kind == manifest::KeySource::Kind::environment);
  CHECK(entries[0].signing_key->name == "BOOKAFY_SIGNING_KEY");
  CHECK(entries[0].signing_key->at == manifest::Position{6, 24});
  CHECK(entries[0].at == manifest::Position{3, 5});
  CHECK(entries[1].group == "d3b07384-d9a0-4c9b-8f0e-6a2f1c7e5b48");
  CHECK(entries[1].signing_key->kind == manifest::KeySource::Kind::file);
  CHECK(entries[2].scope == Scope::user);
  CHECK_FALSE(entries[2].check_events);
  CHECK(read("subscriptions: []", "f").empty());
}

TEST_CASE("JSON, Windows line ends and a byte order mark make no difference") {
  const auto expected = read(whole, "f");
  std::string windows = whole;
  for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2) windows.insert(at, "\r");
  for (const std::string& text : {whole_json, windows, "\xef\xbb\xbf" + whole, "---\n" + whole + "...\n"}) {
    const auto entries = read(text, "f");
    REQUIRE(entries.size() == expected.size());
    for (std::size_t i = 0; i < entries.size(); ++i) CHECK(same(entries[i], expected[i]));
  }
  CHECK(complaints("subscriptions:\r\n  - url: https://a.example.org\r\n    evnts: []\r\n") ==
        std::vector<std::string>{"f:3:5: unknown key evnts; did you mean events?", "f:2:5: the key events is missing"});
}

TEST_CASE("JSON writes characters beyond U+FFFF as two escapes") {
  const std::string head = R"({"subscriptions": [{"events": ["invitee.created"], "url": "https://a.example.org/)";
  auto url = [&](const std::string& rest) { return read(head + rest + "\"}]}", "f").at(0).url; };
  CHECK(url(R"(\ud83d\ude00)") == "https://a.example.org/\xf0\x9f\x98\x80");
  CHECK(url(R"(\uDBFF\uDFFF\uD800\uDC00)") == "https://a.example.org/\xf4\x8f\xbf\xbf\xf0\x90\x80\x80");
  CHECK(complaints(R"({"\\ud83d\u00e9": 1})").at(0) == "f:1:2: unknown key \\ud83d\xc3\xa9");
  // Columns are those of the file.
  CHECK(complaints("{\n\"a\": \"\\ud83d\\ude00\\ud83d\\ude00\", \"b\": 1}") ==
        std::vector<std::string>{"f:2:1: unknown key a", "f:2:34: unknown key b",
                                 "f:1:1: the key subscriptions is missing"});
  for (const std::string half : {R"(\ud83d)", R"(\ud83dx)", R"(\ude00)", R"(\ud83d\u0041)", R"(\ud83d\ud83d)"})
    CHECK(complaints("\r\n[\"\\ud83d\\ude00" + half + "\"]") ==
          std::vector<std::string>{"f:2:15: " + half.substr(0, 6) + " is half of a surrogate pair"});
}

TEST_CASE("every mistake is told with its line and column") {
  struct Mistake {
    std::string text;
    std::string told;
  };
  const std::string head = "subscriptions:\n  - url: https://hooks.example.org/a\n";
  const std::vector<Mistake> mistakes{
      {"", "f:1:1: there is nothing in it; an account without subscriptions is written subscriptions: []"},
      {"# nothing\n\n", "f:1:1: there is nothing in it; an account without subscriptions is written subscriptions: []"},
      {"[]", "f:1:1: a map with the key subscriptions is expected, this is a list"},
      {"subscriptions:\n", "f:2:1: a list of subscriptions is expected, this is nothing"},
      {"subscriptions: {}", "f:1:16: a list of subscriptions is expected, this is a map"},
      {"subscription: []", "f:1:1: unknown key subscription; did you mean subscriptions?"},
      {"subscriptions: [x]", "f:1:17: a map with url and events is expected, this is a text"},
      {"subscriptions: []\nsubscriptions: []", "f:2:1: subscriptions is given twice; first in line 1"},
      {head + "    events: [invitee.created]\n    colour: red\n", "f:4:5: unknown key colour"},
      {head + "    events: [invitee.craeted]\n",
       "f:3:14: unknown event invitee.craeted; did you mean invitee.created?"},
      {head + "    events: [x]\n", "f:3:14: unknown event x; with check_events: false it is sent all the same"},
      {head + "    events: [invitee.created, invitee.created]\n", "f:3:31: the event invitee.created is given twice"},
      {head + "    events: [[invitee.created]]\n", "f:3:14: the name of an event is expected, this is a list"},
      {head + "    events: invitee.created\n", "f:3:13: a list of events is expected, this is a text"},
      {head + "    events: []\n", "f:3:13: at least one event is expected"},
      {head + "    events: ['']\n", "f:3:14: the name of an event is expected, this is empty"},
      {head + "    events: [routing_form_submission.created]\n",
       "f:3:14: the event routing_form_submission.created is not allowed with scope user: it wants organization; "
       "events with different scopes need two subscriptions"},
      {head + "    scope: organisation\n    events: [invitee.created]\n",
       "f:3:12: organisation is no scope; there are organization, user and group; did you mean organization?"},
      {head + "    scope: ~\n    events: [invitee.created]\n",
       "f:3:12: organization, user or group is expected, this is nothing"},
      {head + "    scope: group\n    events: [invitee.created]\n", "f:2:5: scope group needs the key group"},
      {head + "    group: abc\n    events: [invitee.created]\n", "f:3:5: group does not go with scope user"},
      {head + "    scope: organization\n    user: abc\n    events: [invitee.created]\n",
       "f:4:5: user does not go with scope organization"},
      {head + "    user: me\n    events: [invitee.created]\n", "f:3:11: me is not the URI or id of one user"},
      {head + "    organization: a/b/c\n    events: [invitee.created]\n",
       "f:3:19: a/b/c is not the URI or id of one organization"},
      {head + "    check_events: maybe\n    events: [invitee.created]\n",
       "f:3:19: true or false is expected, this is maybe"},
      {head + "    signing_key: {env: A, file: b}\n    events: [invitee.created]\n",
       "f:3:18: exactly one of {env: VARIABLE} and {file: PATH} is expected"},
      {head + "    signing_key: {env: }\n    events: [invitee.created]\n",
       "f:3:24: the name of a variable is expected, this is nothing"},
      {"subscriptions:\n  - events: [invitee.created]\n", "f:2:5: the key url is missing"},
      {"subscriptions:\n  - url: ftp://a\n    events: [invitee.created]\n",
       "f:2:10: the URL ftp://a is not an absolute http or https URL with a valid host"},
      {"subscriptions:\n  - url: 7\n    events: [invitee.created]\n",
       "f:2:10: the URL 7 is not an absolute http or https URL with a valid host"},
      {head + "    events: [invitee.created]\n  - url: https://hooks.example.org/a\n    events: [contact.created]\n",
       "f:4:5: the same URL, scope and owner as in line 2; one subscription takes all events of a place"},
      {"subscriptions: [1, 2\n", "f:2:1: this is not YAML: end of sequence flow not found"},
      {"a: 1\n\tb: 2\n", "f:2:1: this is not YAML: illegal tab when looking for indentation"},
      {"subscriptions: []\n---\nsubscriptions: []\n", "f:2:1: a second document begins here; one is expected"},
      {"? [a]\n: b\n", "f:1:3: a key must be a text"},
      {"~: b\n", "f:1:1: a key must be a text"},
      {"subscriptions: !thing []\n", "f:1:16: the tag !thing means nothing here"},
      {"subscriptions: *nowhere\n", "f:1:16: this is not YAML: the referenced anchor is not defined"},
      {"subscriptions: &a [*a]\n", "f:1:20: an alias inside of what it stands for"},
      {head + "    <<: {}\n    events: [invitee.created]\n",
       "f:3:5: maps cannot be merged (<<) here; give each value an alias of its own"},
      {std::string("subscriptions: []\x04\nmore: 1\n"), "f:1:18: control character U+0004"},
      {std::string("a: \0", 4), "f:1:4: control character U+0000"},
      {"a: \xff\n", "f:1:4: this is not UTF-8"},
  };
  for (const auto& mistake : mistakes) {
    INFO(mistake.text);
    const auto told = complaints(mistake.text);
    REQUIRE(!told.empty());
    CHECK(told.front().starts_with(mistake.told));  // newer versions of yaml-cpp name the anchor, too
  }
}

TEST_CASE("a signing key in clear text is refused and never repeated") {
  const std::string key = "bk_demo_signing_key_0001";
  for (const std::string& text : {"signing_key: " + key, "signing_key: [" + key + "]", "signing_key: {" + key + ": x}",
                                  "signing_key: {key: " + key + "}", "signing_key: {env: A, value: " + key + "}",
                                  "signing_key: {file: {" + key + ": 1}}"}) {
    const auto told =
        complaints("subscriptions:\n  - url: https://hooks.example.org/a\n    events: [invitee.created]\n    " + text);
    INFO(text);
    REQUIRE(told.size() == 1);
    CHECK(told.front().substr(0, 4) == "f:4:");
    CHECK(told.front().find(key) == std::string::npos);
  }
}

TEST_CASE("all mistakes of a file are told at once, up to a number that can be read") {
  CHECK(complaints("subscriptions:\n  - url: x\n    events: [y]\n    z: 1\n").size() == 3);
  std::string many = "subscriptions:\n";
  for (int i = 0; i < 100; ++i) many += "  - url: x\n";
  try {
    read(many, "f");
    FAIL();
  } catch (const Error& error) {
    CHECK(error.message == "there are 200 mistakes in f");
    CHECK(error.details.size() == 20);
  }
}

TEST_CASE("anchors and aliases save typing") {
  const auto entries = read(R"(subscriptions:
  - {url: https://a.example.org, events: &core [invitee.created, invitee.canceled], signing_key: &key {env: K}}
  - {url: https://b.example.org, events: *core, signing_key: *key}
)",
                            "f");
  REQUIRE(entries.size() == 2);
  CHECK(entries[1].events == entries[0].events);
  CHECK(entries[1].signing_key->name == "K");
  CHECK(complaints("subscriptions:\n  - &a {url: https://a.example.org, events: [invitee.created]}\n  - *a\n") ==
        std::vector<std::string>{
            "f:3:5: the same URL, scope and owner as in line 2; one subscription takes all events of a place"});
}

TEST_CASE("hostile files end in a complaint, soon") {
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'z'; ++name) {
    const std::string last = std::string("*") + static_cast<char>(name - 1);
    laughs += std::string(1, name) + ": &" + name + " [" + last;
    for (int i = 0; i < 9; ++i) laughs += ", " + last;
    laughs += "]\n";
  }
  CHECK(complaints(laughs).at(0).find("all aliases followed") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "- ";
  CHECK(complaints(deep).at(0).find("this nests too deeply") != std::string::npos);
  CHECK_FALSE(complaints(std::string(1'000'000, '[')).empty());
  CHECK(complaints(std::string((8 << 20) + 1, ' ')) == std::vector<std::string>{"f:1:1: it is larger than 8192 KiB"});
  std::string keys;
  for (int i = 0; i < 50'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  CHECK(complaints(keys).size() == 20);
  std::string items = "subscriptions:\n - url: https://a.example.org\n   check_events: false\n   events: [";
  for (int i = 0; i < 50'000; ++i) items += "e" + std::to_string(i) + ",";
  CHECK(complaints(items + "]\n") == std::vector<std::string>{"f:4:12: more than 200 events"});
  for (const char c : {'{', '&', '*', '!', '-', '?', ':', '"', '\'', '%', '|', '>', '#', '\n', '@', '`'})
    CHECK_FALSE(complaints(std::string(200'000, c)).empty());
}
