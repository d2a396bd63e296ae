// A program of somebody else that uses the installed library. tests/install.sh runs it in a sandbox and reads what it
// prints.
#include <bookafy/client.hpp>
#include <bookafy/event.hpp>
#include <bookafy/signature.hpp>
#include <bookafy/transport.hpp>
#include <bookafy/validation.hpp>
#include <cstdlib>
#include <iostream>

int main() try {
  const auto transport = bookafy::http::make_transport();
  bookafy::Client client(*transport, {.base_url = std::getenv("BOOKAFY_API_URL"),
                                      .token = bookafy::Secret(std::getenv("BOOKAFY_TOKEN")),
                                      .retry = {},
                                      .surroundings = {}});
  const bookafy::User me = client.me();
  const bookafy::Subscription made = client.create({.url = "https://hooks.example.org/consumer",
                                                    .events = {"invitee.created"},
                                                    .scope = bookafy::Scope::user,
                                                    .organization = me.organization,
                                                    .user = me.uri});
  std::cout << "created " << made.callback_url << '\n';

  auto pages = client.list({.scope = bookafy::Scope::user, .organization = me.organization, .user = me.uri});
  while (const auto page = pages.next())
    for (const bookafy::Value& row : *page) std::cout << "listed " << row.text_at("callback_url") << '\n';

  client.remove(*bookafy::parse_resource(made.uri));
  try {
    client.get(*bookafy::parse_resource(made.uri));
  } catch (const bookafy::Error& error) {
    std::cout << "then " << to_string(error.kind) << '\n';
  }

  const bookafy::SigningKey key(bookafy::generate_signing_key());
  const std::chrono::sys_seconds now{std::chrono::seconds(1'795'426'200)};
  std::cout << (key.verify(key.sign(now, "body"), "body", now) == bookafy::SignatureVerdict::valid) << " signature, "
            << bookafy::known_events().size() << " events\n"
            << bookafy::callback_url_problem("https://hooks.example.org/a#b") << '\n';
} catch (const bookafy::Error& error) {
  std::cerr << error.message << '\n';
  return 1;
}
