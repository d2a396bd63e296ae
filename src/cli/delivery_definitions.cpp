#include <array>

#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

void add_tolerance(CLI::App& app, int& target) {
  app.add_option("--tolerance", target, "Seconds that the signed time may be away from now (default: 180)")
      ->check(silent(CLI::Range(0, 100'000'000)))
      ->type_name("S");
}

void define_verify(CLI::App& app, Command& target) {
  auto args = arguments_for<commands::VerifyArgs>(app, target);
  app.add_option("--signing-key-file", args->signing_key_file,
                 "File with the subscription's signing key; - is standard input")
      ->required()
      ->type_name("FILE");
  app.add_option("--signature", args->signature, "What the delivery has in its signature header")
      ->required()
      ->type_name("HEADER");
  add_tolerance(app, args->tolerance);
  app.add_option("--at", args->at, "Check as of this time: RFC 3339 or unix seconds (default: now)")->type_name("TIME");
  app.add_option("body", args->body, "File with the raw body; - is standard input, and the default")
      ->type_name("BODY_FILE");
}

constexpr std::array table{
    Definition{"Deliveries", "verify", "Check the signature of a delivery",
               "bookafy verify --signing-key-file key --signature 't=1795426200,v1=39a2…' body.json", define_verify},
};

}  // namespace

std::span<const Definition> delivery_definitions() { return table; }

}  // namespace bookafy::cli
