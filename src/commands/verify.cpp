#include "commands/verify.hpp"

#include <algorithm>

#include "bookafy/signature.hpp"
#include "commands/signing_key.hpp"
#include "commands/time_option.hpp"
#include "system/file.hpp"

namespace bookafy::commands {
namespace {

constexpr std::size_t largest_delivery = std::size_t{64} * 1024 * 1024;

/// The value of `Bookafy-Webhook-Signature: t=…` as it stands in a log, without blanks and line ends around it.
std::string_view header_value(std::string_view header) {
  const auto colon = header.find(':');
  if (colon != std::string_view::npos) header.remove_prefix(colon + 1);
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = std::min(header.find_first_not_of(blanks), header.size());
  header.remove_prefix(first);
  return header.substr(0, header.find_last_not_of(blanks) + 1);
}

std::string hint_for(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::mismatch:
      return "another key, or not the raw body: a body parsed and written again, or a newline added, is another one";
    case SignatureVerdict::too_old:
    case SignatureVerdict::from_future:
      return "compare the clocks, or check a stored delivery with --at TIME or a larger --tolerance";
    default: return {};
  }
}

}  // namespace

ExitStatus run(const VerifyArgs& args, Context& context) {
  if (args.signing_key_file == "-" && args.body == "-")
    throw Error(ErrorKind::usage, "the signing key and the body cannot both come from standard input");
  const Timestamp now = args.at.empty() ? std::chrono::floor<std::chrono::microseconds>(context.now())
                                        : parse_time_option("--at", args.at, context.now());
  const SigningKey key(read_signing_key(args.signing_key_file, context));
  const std::string body = system::read_file(args.body, context.in, "the body", largest_delivery);
  const SignatureVerdict verdict = args.signature.empty() ? SignatureVerdict::no_header
                                                          : key.verify(header_value(args.signature), body,
                                                                       std::chrono::floor<std::chrono::seconds>(now),
                                                                       std::chrono::seconds(args.tolerance));
  if (verdict != SignatureVerdict::valid) {
    Error error(ErrorKind::unverified, std::string(to_string(verdict)));
    error.hint = hint_for(verdict);
    throw error;
  }
  context.messages.note(to_string(verdict));
  return 0;
}

}  // namespace bookafy::commands
