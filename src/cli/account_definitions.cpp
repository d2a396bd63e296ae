#include <array>

#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

void define_whoami(CLI::App& app, Command& target) { arguments_for<commands::WhoamiArgs>(app, target); }

constexpr std::array table{
    Definition{"Account", "whoami", "Show whose token is used and what it can subscribe to",
               "bookafy whoami\nbookafy whoami -o json", define_whoami},
};

}  // namespace

std::span<const Definition> account_definitions() { return table; }

}  // namespace bookafy::cli
