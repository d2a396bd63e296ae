// The completion scripts in the shells they are for: what is typed at a real prompt, and what the command line was
// then.
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "built.hpp"
#include "catch.hpp"
#include "program/process.hpp"
#include "program/pseudo_terminal.hpp"

namespace {

const std::string scripts = built::source_dir + "/completions/";

struct TypedLine {
  std::string keys;    ///< `@` is the Tab key
  std::string line;    ///< the arguments that the command got
  bool offers = true;  ///< whether the last Tab has something to offer
};

// ${ID} is the one subscription that the sandbox's member sees, work the one profile.
const std::vector<TypedLine> typed_lines{
    {"bookafy wh@", "whoami"},
    {"bookafy help compl@", "help completion"},
    {"bookafy list --outp@jsonl@", "list --output jsonl"},
    {"bookafy --output=cs@ list", "--output=csv list"},
    {"bookafy -o ts@ list", "-o tsv list"},
    {"bookafy list --sort created_at:d@", "list --sort created_at:desc"},
    {"bookafy list --sort=created_at:d@", "list --sort=created_at:desc"},
    {"bookafy list --state di@", "list --state disabled"},
    {"bookafy list --fields uri,callb@", "list --fields uri,callback_url"},
    {"bookafy inspect --fields tracking@", "inspect --fields tracking.utm_source"},
    {"bookafy create --if-exists rep@", "create --if-exists replace"},
    {"bookafy create --url https://a.example/b -e invitee.created,routing@",
     "create --url https://a.example/b -e invitee.created,routing_form_submission.created"},
    {"bookafy create --scope user --event rout@", "create --scope user --event rout", false},
    {"bookafy create --event meeting_recap.c@ --scope u@", "create --event meeting_recap.created --scope user"},
    {"bookafy create --scope organization --event meeting_@", "create --scope organization --event meeting_", false},
    {"bookafy --profile wo@", "--profile work"},
    {"bookafy delete @", "delete ${ID}"},
    {"bookafy --quiet inspect m@", "--quiet inspect me"},
    {"bookafy --api-url http://127.0.0.1:1 delete @", "--api-url http://127.0.0.1:1 delete", false},
    {"bookafy --token-file - delete @", "--token-file - delete", false},
    {"bookafy --token-file ~/token delete @", "--token-file ${HOME}/token delete ${ID}"},
    {"bookafy --token-file $HOME/token delete @", "--token-file ${HOME}/token delete ${ID}"},
    {"bookafy --token-file \"$HOME\"/'token' delete @", "--token-file ${HOME}/token delete ${ID}"},
    {"bookafy --token-file 'my token' delete @", "--token-file my token delete ${ID}"},
    {"bookafy --token-file \"my token\" delete @", "--token-file my token delete ${ID}"},
    {"bookafy --token-file my\\ token delete @", "--token-file my token delete ${ID}"},
    {"bookafy create --scope \"user\" --event rout@", "create --scope user --event rout", false},
    {"bookafy 'create' --if-exists rep@", "create --if-exists replace"},
    {"bookafy --output=\"cs@ list", "--output=csv list"},
    {"bookafy -o 'ts@ list", "-o tsv list"},
    {"bookafy api --input=bod@", "api --input=body.json"},
    {"bookafy --token-file bod@", "--token-file body.json"},
    {"bookafy sandbox -- mktem@", "sandbox -- mktemp"},
    {"bookafy sandbox -- cat bod@", "sandbox -- cat body.json"},
    {"bookafy completion f@", "completion fish"},
    {"bookafy nothing @", "nothing", false},
};

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A folder with a profile and a file, and a sandbox in which the member has one subscription.
struct Desk {
  program::TemporaryFolder folder;
  program::Sandbox sandbox;
  program::Environment environment = program::poisoned_environment(folder.path() / "home");
  std::string id;

  Desk() {
    environment["BOOKAFY_API_URL"] = sandbox.url();
    environment["BOOKAFY_TOKEN"] = "sandbox-member";
    environment["TERM"] = "dumb";
    environment["COLUMNS"] = "200";
    folder.write("body.json", "{}");
    folder.write("my token", "sandbox-member\n");
    folder.write("home/token", "sandbox-member\n");
    environment["HOME"] = folder.path() / "home";
    std::filesystem::create_directories(folder.path() / "home/.config/bookafy");
    environment["XDG_CONFIG_HOME"] = folder.path() / "home/.config";
    folder.write("home/.config/bookafy/work.json", "{}");
    subscribe("https://hooks.example.org/first");
    const auto listed = run({built::program, "list", "-o", "jsonl", "--fields", "uri"});
    std::smatch match;
    REQUIRE(std::regex_search(listed.out, match, std::regex("webhook_subscriptions/([0-9a-f-]+)")));
    id = match[1];
  }

  /// A line of `typed_lines` with its variables replaced.
  std::string filled(const std::string& line) const {
    const std::string with_id = std::regex_replace(line, std::regex(R"(\$\{ID\})"), id);
    return std::regex_replace(with_id, std::regex(R"(\$\{HOME\})"), environment.at("HOME"));
  }

  program::Outcome run(std::vector<std::string> argv, const std::string& input = "") const {
    program::Command command;
    command.argv = std::move(argv);
    command.environment = environment;
    command.input = input;
    command.folder = folder.path();
    return program::run(command);
  }

  void subscribe(const std::string& url) const {
    REQUIRE(run({built::program, "-q", "create", "--url", url, "-e", "invitee.created"}).status == 0);
  }

  /// Types at the prompt of an interactive shell on a terminal, and returns all that the terminal showed.
  std::string type(const std::string& shell, const std::string& keys) const {
    program::require_pseudo_terminal();
    const auto outcome = run({"script", "-qec", shell, "/dev/null"}, keys);
    REQUIRE_FALSE(outcome.timed_out);
    return outcome.out;
  }
};

std::string with_tabs(std::string keys) {
  for (char& key : keys)
    if (key == '@') key = '\t';
  return keys;
}

/// What stands before the typing: the script loaded, and `bookafy` a function that writes down its arguments.
struct Shell {
  std::string name;
  std::string command;
  std::string setup;
};

const std::string witness = "bookafy() { echo \"$*\" >> got; }\n";
const std::vector<Shell> shells{
    {"bash", "bash --norc --noprofile -i", "source " + scripts + "bookafy.bash\n" + witness},
    {"bash with bash-completion", "bash --norc --noprofile -i",
     "mkdir -p data/completions; ln -s " + scripts + "bookafy.bash data/completions/bookafy\n" +
         "BASH_COMPLETION_USER_DIR=$PWD/data; source /usr/share/bash-completion/bash_completion\n" + witness},
    {"bash that does not split at colons", "bash --norc --noprofile -i",
     "COMP_WORDBREAKS=${COMP_WORDBREAKS//:}; source " + scripts + "bookafy.bash\n" + witness},
    {"zsh", "zsh -f -i", "autoload -U compinit; compinit -u -D; source " + scripts + "_bookafy\n" + witness},
    {"zsh with fpath", "zsh -f -i", "fpath=(" + scripts + " $fpath); autoload -U compinit; compinit -u -D\n" + witness},
};

}  // namespace

TEST_CASE("Tab completes in bash and zsh") {
  const Desk desk;
  for (const Shell& shell : shells) {
    DYNAMIC_SECTION(shell.name) {
      std::string keys = shell.setup;
      std::string wanted;
      for (const TypedLine& typed : typed_lines) {
        keys += with_tabs(typed.keys) + "\n";
        wanted += desk.filled(typed.line) + "\n";
      }
      const std::string shown = desk.type(shell.command, keys + "exit\n");
      INFO(shown);
      CHECK(read(desk.folder.path() / "got") == wanted);
      CHECK(shown.find("error") == std::string::npos);
    }
  }
}

TEST_CASE("ids are listed with their URLs in bash and zsh") {
  const Desk desk;
  desk.subscribe("https://hooks.example.org/second:8443/?a=b");
  for (const Shell& shell : shells) {
    DYNAMIC_SECTION(shell.name) {
      // The first of the three may only complete a beginning that both ids happen to share.
      const std::string shown = desk.type(shell.command, shell.setup + "bookafy delete \t\t\t\nexit\n");
      INFO(shown);
      CHECK(shown.find(desk.id) != std::string::npos);
      CHECK(shown.find("https://hooks.example.org/first") != std::string::npos);
      CHECK(shown.find("https://hooks.example.org/second:8443/?a=b") != std::string::npos);
    }
  }
}

TEST_CASE("fish completes") {
  const Desk desk;
  const auto complete = [&](const std::string& line) {
    return desk.run(
        {"fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", scripts + "bookafy.fish", line});
  };
  for (const TypedLine& typed : typed_lines) {
    // One Tab a line, at its end; what it inserts is what fish offers for the last word.
    const auto tab = typed.keys.find('@');
    if (tab != typed.keys.rfind('@') || tab + 1 != typed.keys.size()) continue;
    const std::string line = typed.keys.substr(0, tab);
    const std::string whole = desk.filled(typed.line);
    const auto offered = complete(line);
    INFO(line << "\n-- offered\n" << offered.out << "\n-- stderr\n" << offered.err);
    CHECK(offered.err == "");
    const bool found = ("\n" + offered.out).find("\n" + whole.substr(whole.rfind(' ') + 1)) != std::string::npos;
    CHECK(found == typed.offers);
  }
  CHECK(complete("bookafy delete ").out == desk.id + "\thttps://hooks.example.org/first\n");
  CHECK(complete("bookafy --api-url http://127.0.0.1:1 delete ").out == "");
  CHECK(complete("bookafy create --scope user --event routing").out == "");
}

TEST_CASE("the program prints the scripts as they are in completions/") {
  const Desk desk;
  const std::vector<std::pair<std::string, std::string>> files{
      {"bash", "bookafy.bash"}, {"zsh", "_bookafy"}, {"fish", "bookafy.fish"}};
  for (const auto& [shell, file] : files) {
    const auto printed = desk.run({built::program, "completion", shell});
    CHECK(printed.status == 0);
    CHECK(printed.out == read(scripts + file));
  }
}

TEST_CASE("a server that does not answer is not waited for") {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(listen(listener, 8) == 0);
  REQUIRE(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);

  program::Command command;
  const program::TemporaryFolder home;
  command.environment = program::poisoned_environment(home.path());
  command.environment["BOOKAFY_TOKEN"] = "some-token";
  // With the timeouts and retries of other commands this would take minutes.
  command.argv = {built::program, "__complete",
                  "--api-url",    "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                  "inspect",      ""};
  const auto outcome = program::run(command);
  close(listener);
  CHECK_FALSE(outcome.timed_out);
  CHECK(outcome.status == 128 + SIGTERM);
  CHECK(outcome.out == "me\tthe token's user\n");
}

TEST_CASE("all requests of a completion share one deadline") {
  const program::Sandbox sandbox({"--latency", "1200"});  // two of them, one after the other, take longer
  const program::TemporaryFolder home;
  program::Command command;
  command.environment = program::poisoned_environment(home.path());
  command.environment["BOOKAFY_API_URL"] = sandbox.url();
  command.environment["BOOKAFY_TOKEN"] = "sandbox-owner";
  command.argv = {built::program, "-q", "create", "--url", "https://hooks.example.org/late", "-e", "invitee.created"};
  REQUIRE(program::run(command).status == 0);
  command.argv = {built::program, "__complete", "delete", ""};
  const auto outcome = program::run(command);
  CHECK(outcome.status == 128 + SIGTERM);
  CHECK(outcome.out == "");
}

TEST_CASE("a completion does not wait for a token from a pipe") {
  const program::TemporaryFolder home;
  program::Command command;
  command.environment = program::poisoned_environment(home.path());
  const std::string pipe = home.path() / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const int writer = open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  command.argv = {built::program, "__complete", "--token-file", pipe, "inspect", ""};
  const auto outcome = program::run(command);
  close(writer);
  CHECK_FALSE(outcome.timed_out);
  CHECK(outcome.out == "me\tthe token's user\n");
}
