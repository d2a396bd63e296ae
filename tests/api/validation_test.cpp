// What is known to be wrong before anything is sent.
#include "bookafy/validation.hpp"

#include "bookafy/event.hpp"
#include "catch.hpp"

using namespace bookafy;

TEST_CASE("absolute http and https URLs") {
  struct Row {
    std::string text, scheme, host, port, path, query;
  };
  for (const auto& row : std::vector<Row>{
           {"https://hooks.example.org", "https", "hooks.example.org", "", "/", ""},
           {"https://hooks.example.org/a/b?c=d&e", "https", "hooks.example.org", "", "/a/b", "c=d&e"},
           {"http://127.0.0.1:8080/x", "http", "127.0.0.1", "8080", "/x", ""},
           {"http://[::1]:8080/x", "http", "::1", "8080", "/x", ""},
           {"HTTPS://Hooks.Example.org/X", "https", "Hooks.Example.org", "", "/X", ""},
           {"https://hooks.example.org/%20", "https", "hooks.example.org", "", "/%20", ""},
       }) {
    INFO(row.text);
    const auto url = parse_url(row.text);
    REQUIRE(url);
    CHECK(url->scheme == row.scheme);
    CHECK(url->host == row.host);
    CHECK(url->port == row.port);
    CHECK(url->path == row.path);
    CHECK(url->query == row.query);
    CHECK(!url->has_user_info);
    CHECK(!url->has_fragment);
  }
}

TEST_CASE("everything else is no URL") {
  for (const std::string text : {"",
                                 "hooks.example.org",
                                 "/a",
                                 "//hooks.example.org/a",
                                 "https:",
                                 "https:/",
                                 "https://",
                                 "https:///a",
                                 "https:/hooks.example.org",
                                 "https:hooks.example.org",
                                 "ftp://hooks.example.org",
                                 "file:///etc/passwd",
                                 "gopher://h/",
                                 "javascript:alert(1)",
                                 "https://h ooks.example.org",
                                 "https://hooks.example.org/a b",
                                 "https://hooks.example.org/a\n",
                                 "\thttps://hooks.example.org",
                                 "https://hooks.example.org\\@evil",
                                 "https://hooks.example.org:99999/",
                                 "https://hooks.example.org:x/",
                                 "https://[::1/",
                                 "https://:443/",
                                 "https://?a",
                                 "https://#a",
                                 "://h",
                                 "https://a\x7f/"}) {
    INFO(text);
    CHECK(!parse_url(text));
  }
}

TEST_CASE("a host that no server can have is no URL") {
  for (const std::string host :
       {"a..b",  ".a",        "..",        ".",     "a..", "h:0", "h:65536",     "h:-1",      "h:x",
        "h:1:2", "ex%zz.org", "ex%.org",   "a%20b", "a~b", "a|b", "a,b",         "256.1.1.1", "1.2.3.4.5",
        "a.1",   "[::g]",     "[1::2::3]", "[::1",  "::1", "[]",  "[127.0.0.1]", "\xff.org",  "\u00df..example"}) {
    INFO(host);
    CHECK(!parse_url("https://" + host + "/a"));
    CHECK(!callback_url_problem("https://" + host + "/a").empty());
  }
  CHECK(!parse_url("https://" + std::string(64, 'a') + ".example/"));
  for (const std::string host : {"a_b.c", "_a", "a.", "-a.b", "1.2.3.4", "0x7f.1", "[2001:DB8::1]:8443", "h:443",
                                 "h:", "xn--bcher-kva.example", "1a.b2"}) {
    INFO(host);
    CHECK(callback_url_problem("https://" + host + "/a").empty());
  }
  for (const std::string rest : {"%", "%2", "%zz", "a?b=100%", "a?%g0"}) {
    INFO(rest);
    CHECK(callback_url_problem("https://h/" + rest).find("%25") != std::string::npos);
  }
}

TEST_CASE("URLs that a server may write in another way are the same") {
  struct Row {
    std::string text, normalized;
  };
  for (const auto& row : std::vector<Row>{
           {"https://hooks.example.org", "https://hooks.example.org/"},
           {"https://hooks.example.org?a=b", "https://hooks.example.org/?a=b"},
           {"HTTPS://Hooks.Example.ORG:443/A?B=C", "https://hooks.example.org/A?B=C"},
           {"http://h:80", "http://h/"},
           {"https://h:0443/", "https://h/"},
           {"http://h:443/", "http://h:443/"},
           {"https://[2001:DB8:0:0::1]:443/a", "https://[2001:db8::1]/a"},
           {"https://B\u00fccher.example/a", "https://xn--bcher-kva.example/a"},
           {"https://XN--BCHER-KVA.example/a", "https://xn--bcher-kva.example/a"},
           {"https://b%C3%BCcher.example", "https://xn--bcher-kva.example/"},
           {"https://h/a/../b", "https://h/a/../b"},
           {"https://h/a/", "https://h/a/"},
           {"https://h/%7e", "https://h/%7e"},
           {"https://h/a?", "https://h/a?"},
           {"no URL", "no URL"},
       }) {
    INFO(row.text);
    CHECK(normalized_url(row.text) == row.normalized);
    CHECK(normalized_url(row.normalized) == row.normalized);
    CHECK(same_url(row.text, row.normalized));
  }
  CHECK(!same_url("https://h/a", "https://h/a/"));
  CHECK(!same_url("https://h/a", "http://h/a"));
  CHECK(!same_url("https://h/a", "https://h/A"));
  CHECK(url_with_ascii_host("https://B\u00fccher.example:8443/\u00fc?X") ==
        "https://xn--bcher-kva.example:8443/\u00fc?X");
  CHECK(url_with_ascii_host("HTTPS://H.example:443") == "HTTPS://H.example:443");
}

TEST_CASE("callback URLs with parts that a server never gets") {
  for (const std::string text : {"https://name@h/", "https://name:word@h/", "https://@h/"})
    CHECK(callback_url_problem(text).find("user name") != std::string::npos);
  for (const std::string text : {"https://h/#", "https://h/a#b"})
    CHECK(callback_url_problem(text).find("fragment") != std::string::npos);
  for (const std::string text : {"https://h/", "https://h/a@b", "http://h:1/?a=b@c", "https://xn--bcher-kva.example"})
    CHECK(callback_url_problem(text).empty());
  CHECK(!callback_url_problem("h").empty());
}

TEST_CASE("callback URLs that are suspicious") {
  CHECK(callback_url_warning("https://h.example.org/").empty());
  CHECK(callback_url_warning("http://h.example.org/").find("plain http") != std::string::npos);
  for (const std::string url : {"https://localhost/", "http://127.0.0.1:1/", "http://[::1]/"})
    CHECK(callback_url_warning(url).find("this machine") != std::string::npos);
  CHECK(callback_url_warning("nonsense").empty());
}

TEST_CASE("this machine, and nothing that only looks like it") {
  for (const std::string host : {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.255.255.254", "::1"}) {
    INFO(host);
    CHECK(is_loopback(host));
  }
  for (const std::string host :
       {"", "localhost.example.org", "notlocalhost", "127.example.org", "127.0.0.1.example.org", "127.0.0.1.5", "127.",
        "127.0.0", "127.0.0.256", "127.0.0.1.", "128.0.0.1", "0.0.0.0", "1.127.0.0.1", "::", "::2", "fe80::1",
        "::ffff:8.8.8.8", "0127.0.0.1"}) {
    INFO(host);
    CHECK(!is_loopback(host));
  }
  // What libcurl would make an address of is judged after it was made one.
  for (const std::string url : {"http://127.1/", "http://0x7f000001/", "http://2130706433/"}) {
    INFO(url);
    REQUIRE(parse_url(url));
    CHECK(is_loopback(parse_url(url)->host));
  }
}

TEST_CASE("tokens that cannot be one") {
  CHECK(token_problem(Secret("")) == "is empty");
  for (const std::string text :
       {" ", "a b", "a\n", "\ta", "a\r\nX-Evil: b", "a\x7f", "t\u00f6ken", "\xff", "a\xc2\xa0"})
    CHECK(!token_problem(Secret(text)).empty());
  CHECK(!token_problem(Secret(std::string("a\0b", 3))).empty());
  CHECK(token_problem(Secret("eyJhbGciOi.eyJpc3Mi-_.s~+/=")).empty());
}

TEST_CASE("events and the scopes they allow") {
  struct Row {
    std::vector<std::string> events;
    Scope scope;
    bool allow_unknown;
    std::vector<std::string> problems;  ///< a part of each
  };
  for (const auto& row : std::vector<Row>{
           {{"invitee.created", "invitee.canceled"}, Scope::user, false, {}},
           {{"routing_form_submission.created"}, Scope::organization, false, {}},
           {{"routing_form_submission.created"}, Scope::user, false, {"goes with organization"}},
           {{"meeting_recap.created"}, Scope::organization, false, {"goes with user"}},
           {{"meeting_recap.created"}, Scope::group, true, {"goes with user"}},
           {{"invitee.created", "meeting_recap.created"}, Scope::organization, false, {"goes with user", "two subscr"}},
           {{"invitee.create"}, Scope::user, false, {"did you mean invitee.created?"}},
           {{"something.else.entirely"}, Scope::user, false, {"--allow-unknown-event"}},
           {{"something.else.entirely"}, Scope::user, true, {}},
           {{""}, Scope::user, false, {"unknown event"}},
       }) {
    const auto problems = event_problems(row.events, row.scope, row.allow_unknown);
    std::string all;
    for (const auto& problem : problems) all += problem + "\n";
    INFO(row.events.front() << ": " << all);
    CHECK(problems.empty() == row.problems.empty());
    for (const auto& wanted : row.problems) CHECK(all.find(wanted) != std::string::npos);
  }
}

TEST_CASE("the fourteen events and their rules") {
  CHECK(known_events().size() == 14);
  for (const Event& event : known_events()) {
    INFO(event.name);
    CHECK(find_event(event.name) == &event);
    const bool organization_only = event.name == "routing_form_submission.created";
    const bool user_only = event.name.starts_with("meeting_recap.");
    CHECK(allows(event, Scope::organization) == !user_only);
    CHECK(allows(event, Scope::user) == !organization_only);
    CHECK(allows(event, Scope::group) == (!user_only && !organization_only));
    CHECK(event.token_scope.ends_with(":read"));
  }
  CHECK(find_event("invitee.createD") == nullptr);
  CHECK(scopes_text(*find_event("invitee.created")) == "organization, user or group");
}

TEST_CASE("the nearest word, when one is near enough to be meant") {
  constexpr std::array<std::string_view, 4> words{"create", "delete", "inspect", "list"};
  struct Row {
    std::string word, nearest;
  };
  for (const auto& row : std::vector<Row>{{"create", "create"},
                                          {"crate", "create"},
                                          {"craete", "create"},
                                          {"lits", "list"},
                                          {"lst", "list"},
                                          {"inspct", "inspect"},
                                          {"remove", ""},
                                          {"xyz", ""},
                                          {"", ""},
                                          {std::string(1'000'000, 'c'), ""}}) {
    INFO(row.word.substr(0, 20));
    CHECK(nearest(row.word, words) == row.nearest);
  }
}
