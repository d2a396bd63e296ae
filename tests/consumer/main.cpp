// A program of somebody else that uses the installed library: what it prints is checked by tests/install.sh.
#include <bookafy/event.hpp>
#include <bookafy/resource.hpp>
#include <bookafy/validation.hpp>
#include <iostream>

int main() {
  const auto resource =
      bookafy::parse_resource("https://api.bookafy.com/webhook_subscriptions/abc", bookafy::ResourceKind::subscription);
  std::cout << resource->path() << '\n'
            << bookafy::known_events().size() << " events\n"
            << bookafy::callback_url_problem("https://hooks.example.org/a#b") << '\n';
}
