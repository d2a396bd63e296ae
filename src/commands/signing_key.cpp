#include "commands/signing_key.hpp"

#include "system/file.hpp"

namespace bookafy::commands {

Secret read_signing_key(const std::string& file, Context& context) {
  Secret key = system::read_secret(file, context.in, "the signing key file");
  if (key.empty()) throw Error(ErrorKind::usage, "the signing key is empty");
  context.messages.add_secret(key);
  return key;
}

}  // namespace bookafy::commands
