#include <array>

#include "cli/definition.hpp"

namespace bookafy::cli {
namespace {

void define_whoami(CLI::App& app, Command& target) { arguments_for<commands::WhoamiArgs>(app, target); }

void define_login(CLI::App& app, Command& target) { arguments_for<commands::LoginArgs>(app, target); }

void define_logout(CLI::App& app, Command& target) { arguments_for<commands::LogoutArgs>(app, target); }

constexpr std::array account_table{
    Definition{"Account", "login", "Store an access token as a profile",
               "bookafy login\nbookafy login --profile work --token-file token.txt", define_login, nullptr,
               use::requests},
    Definition{"Account", "logout", "Remove a stored login", "bookafy logout --profile work", define_logout, nullptr,
               use::profile},
    Definition{"Account", "whoami", "Show whose token is used and what it can subscribe to",
               "bookafy whoami\nbookafy whoami -o json", define_whoami},
};

}  // namespace

std::span<const Definition> account_definitions() { return account_table; }

}  // namespace bookafy::cli
