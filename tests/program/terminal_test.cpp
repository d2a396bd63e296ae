// What the program does when a person sits at a terminal: a pseudo-terminal of 60 columns here.
#include <signal.h>

#include <chrono>

#include "bookafy/signature.hpp"
#include "built.hpp"
#include "catch.hpp"
#include "program/canned_server.hpp"
#include "program/pseudo_terminal.hpp"

namespace {

using program::Screen;
using program::Typed;

class Terminal {
 public:
  program::TemporaryFolder home;
  program::Sandbox sandbox;
  program::Environment environment = program::poisoned_environment(home.path());

  Terminal() {
    environment["BOOKAFY_API_URL"] = sandbox.url();
    environment["TERM"] = "xterm";
  }

  Screen run(std::vector<std::string> argv, const std::vector<Typed>& typed = {}) const {
    argv.insert(argv.begin(), built::program);
    return program::run_in_terminal(std::move(argv), environment, typed);
  }
};

bool has(const Screen& screen, const std::string& text) { return screen.has(text); }

}  // namespace

TEST_CASE("login asks for the token and does not show it") {
  Terminal terminal;
  const Screen screen = terminal.run({"login"}, {{"not shown", "sandbox-owner\n"}});
  INFO(screen.text);
  CHECK(screen.status == 0);
  CHECK(has(screen, "logged in"));
  CHECK_FALSE(has(screen, "sandbox-owner"));
  CHECK(terminal.run({"whoami"}).status == 0);

  terminal.environment["CI"] = "true";
  const Screen unattended = terminal.run({"login"});
  CHECK(unattended.status == 2);
  CHECK_FALSE(has(unattended, "not shown"));
}

TEST_CASE("a signal ends a question, and what is typed is shown again") {
  const Terminal terminal;
  for (const Typed& end :
       {Typed{"not shown", "\x03"}, Typed{"not shown", "\x1c"}, Typed{"not shown", "", SIGTERM},
        Typed{"not shown", "", SIGINT}, Typed{"not shown", "", SIGHUP}, Typed{"not shown", "", SIGQUIT}}) {
    const Screen screen = terminal.run({"login"}, {end});
    INFO(screen.text);
    const int typed_signal = end.keys == "\x03" ? SIGINT : SIGQUIT;
    CHECK(screen.status == 128 + (end.signal == 0 ? typed_signal : end.signal));
    CHECK(screen.echoes);
    CHECK_FALSE(has(screen, "error"));
  }
}

TEST_CASE("a stopped login shows what is typed, and hides it again when it is continued") {
  struct Shell {
    std::string command, stopped;
  };
  for (const auto& [command, stopped] :
       {Shell{"dash -i", "Stopped"}, {"bash --norc --noprofile -i", "Stopped"}, {"zsh -f -i", "suspended"}}) {
    DYNAMIC_SECTION(command) {
      Terminal terminal;
      terminal.environment["PS1"] = "at the prompt> ";
      const Screen screen = program::run_in_terminal({"sh", "-c", "exec " + command}, terminal.environment,
                                                     {{"at the prompt>", "bookafy login\n"},
                                                      {"not shown): ", "half of it\x1a"},
                                                      {stopped, "stty -a\n"},
                                                      {"isig icanon iexten echo ", "fg\n"},
                                                      {"not shown): ", "sandbox-owner\n"},
                                                      {"logged in", "exit\n"}});
      INFO(screen.text);
      CHECK_FALSE(has(screen, "sandbox-owner"));
      CHECK_FALSE(has(screen, "half of it"));
      CHECK(screen.status == 0);
    }
  }
}

TEST_CASE("Ctrl-Z where no shell can continue the login asks again") {
  const Screen screen = Terminal().run({"login"}, {{"not shown): ", "\x1a"}, {"not shown): ", "sandbox-owner\n"}});
  INFO(screen.text);
  CHECK(screen.status == 0);
  CHECK_FALSE(has(screen, "sandbox-owner"));
  CHECK(screen.echoes);
}

TEST_CASE("a token is taken as it was pasted and edited") {
  for (const std::string keys :
       {"\x1b[200~sandbox-owner\x1b[201~\n", "\x1b[200~sandbox-owner\n\x1b[201~", "\x1b[200~sandbox-owner\r\n\x1b[201~",
        "sandbox-\x1b[200~owner\x1b[201~\r", "sandbox-ownexx\x7f\x7fr\n", "nothing\x15sandbox-owner\n",
        "wrong words\x17\x17sandbox-owner\n", "sandbox-owner\x04"}) {
    INFO(keys);
    const Terminal terminal;
    const Screen screen = terminal.run({"login"}, {{"not shown): ", keys}});
    INFO(screen.text);
    CHECK(screen.status == 0);
    CHECK_FALSE(has(screen, "sandbox"));
    CHECK(terminal.run({"whoami"}).status == 0);
  }
  const Screen lines = Terminal().run({"login"}, {{"not shown): ", "\x1b[200~sandbox-owner\nmore\x1b[201~\n"}});
  INFO(lines.text);
  CHECK(lines.status == 2);
  CHECK(has(lines, "more than one line was pasted"));
  CHECK_FALSE(has(lines, "sandbox-owner"));
}

TEST_CASE("a secret from - is not shown, and none of it is cut") {
  Terminal terminal;
  const Screen whoami = terminal.run({"whoami", "--token-file", "-"}, {{"not shown): ", "sandbox-owner\n"}});
  INFO(whoami.text);
  CHECK(whoami.status == 0);
  CHECK_FALSE(has(whoami, "sandbox-owner"));

  const std::string key = std::string(9'000, 'k') + "é";  // a terminal's own lines end at 4,095 bytes
  const std::string body = terminal.home.write("body.json", "{}");
  const std::string header = bookafy::signature_header(
      bookafy::Secret(key), std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()), "{}");
  for (const std::string file : {"-", "/dev/stdin", "/dev/tty"}) {
    INFO(file);
    const Screen verified = terminal.run({"verify", "--signing-key-file", file, "--signature", header, body},
                                         {{"not shown): ", key + "\n"}});
    INFO(verified.text);
    CHECK(verified.status == 0);
    CHECK_FALSE(has(verified, "kkk"));
    CHECK(verified.echoes);
  }
  const Screen too_long = terminal.run({"verify", "--signing-key-file", "-", "--signature", header, body},
                                       {{"not shown): ", std::string(70'000, 'k') + "\n"}});
  CHECK(too_long.status == 2);
  CHECK(has(too_long, "65536 bytes"));
}

TEST_CASE("nothing that a server says reaches the terminal raw") {
  Terminal terminal;
  // Clears the screen, turns the text round, sets the title (C1), rings.
  const std::string hostile = "\x1b[2J\u202e\xc2\x9d;t\xc2\x9c\a\x7f";
  const std::string escaped = R"(\u001b[2J\u202e\u009d;t\u009c\u0007\u007f)";
  const std::string row = R"({"uri":"u)" + escaped + R"(","callback_url":"c)" + escaped + R"(","events":["e)" +
                          escaped + R"("],"state":")" + escaped + R"(","scope":"s","name":")" + escaped + R"(","x)" +
                          escaped + R"(":{"y":[")" + escaped + "\"]}}";
  const std::string headers = "X-Request-Id: r" + hostile + "\r\nX-Evil: v" + hostile + "\r\n";
  const std::string refusal = R"({"title":"t)" + escaped + R"(","message":"m)" + escaped +
                              R"(","details":[{"parameter":"p)" + escaped + R"(","message":"d)" + escaped +
                              R"("}],"required_scopes":["q)" + escaped + "\"]}";
  terminal.environment["BOOKAFY_TOKEN"] = "canned-token";
  terminal.environment["NO_COLOR"] = "1";
  const auto check = [&](const std::string& answer, std::vector<std::string> arguments) {
    const program::CannedServer server({answer});
    terminal.environment["BOOKAFY_API_URL"] = server.url();
    arguments.insert(arguments.begin(), {"-v", "--max-retries", "0"});
    const Screen screen = terminal.run(arguments);
    INFO(screen.text);
    CHECK(screen.text.size() > 50);
    for (const char* raw : {"\x1b", "\u202e", "\xc2\x9d", "\xc2\x9c", "\a", "\x7f"}) CHECK_FALSE(has(screen, raw));
  };
  for (const std::string format : {"table", "json", "jsonl", "csv", "tsv", "uri"}) {
    INFO(format);
    check(program::http_answer(200, R"({"collection":[)" + row + R"(],"pagination":{"next_page":null}})", headers),
          {"list", "--scope", "organization", "--organization", "o", "-o", format});
    check(program::http_answer(200, R"({"resource":)" + row + "}", headers), {"inspect", "me", "-o", format});
    for (const int status : {400, 401, 403, 404, 409, 500})
      check(program::http_answer(status, refusal, headers), {"inspect", "me", "-o", format});
  }
  check(program::http_answer(200, "<html>" + hostile, headers, "text/html" + hostile), {"inspect", "me"});
  check("HTTP/1.1 200 " + hostile + "\r\nContent-Length: x" + hostile + "\r\n\r\n", {"inspect", "me"});
  check(program::http_answer(302, "", "Location: https://" + hostile + "\r\n"), {"inspect", "me"});
}

TEST_CASE("a delete by filter shows what it matched, and asks") {
  Terminal terminal;
  terminal.environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  REQUIRE(terminal.run({"create", "--url", "https://h.example/asked", "-e", "invitee.created"}).status == 0);

  const Screen no = terminal.run({"delete", "--all"}, {{"[y/N]", "n\n"}});
  INFO(no.text);
  CHECK(no.status == 1);
  CHECK(has(no, "https://h.example/asked"));
  CHECK(has(no, "nothing was deleted"));

  const Screen interrupted = terminal.run({"delete", "--all"}, {{"[y/N]", "\x03"}});
  CHECK(interrupted.status == 130);

  const Screen yes = terminal.run({"delete", "--all"}, {{"[y/N]", "y\n"}});
  CHECK(yes.status == 0);
  CHECK(has(yes, terminal.sandbox.url() + "/webhook_subscriptions/"));
  CHECK(has(terminal.run({"list"}), "no subscriptions"));
}

TEST_CASE("a table is as wide as the terminal and no wider") {
  Terminal terminal;
  terminal.environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  const std::string url = "https://h.example/" + std::string(80, 'x');
  REQUIRE(terminal.run({"create", "--url", url, "-e", "invitee.created", "-o", "uri"}).status == 0);
  const Screen screen = terminal.run({"list", "--fields", "callback_url,state"});
  INFO(screen.text);
  CHECK(screen.status == 0);
  CHECK(has(screen, "…"));
  CHECK_FALSE(has(screen, url));
  CHECK(has(screen, "active"));
}

TEST_CASE("complaints are coloured as the results are") {
  Terminal terminal;
  const std::string red = "\x1b[1;31m";
  CHECK(has(terminal.run({"frobnicate"}), red));
  CHECK(has(terminal.run({"whoami"}), red));
  for (const std::vector<std::string>& plain : {std::vector<std::string>{"whoami", "--color", "never"},
                                                {"frobnicate", "--color", "never"},
                                                {"--color=never", "list", "--no-such-option"}})
    CHECK_FALSE(has(terminal.run(plain), red));
  terminal.environment["NO_COLOR"] = "1";
  CHECK_FALSE(has(terminal.run({"whoami"}), red));
  CHECK(has(terminal.run({"whoami", "--color", "always"}), red));
  CHECK(has(terminal.run({"frobnicate", "--color", "always"}), red));
}
