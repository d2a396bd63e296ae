// No header is valid for a body that was not signed: the input's first line is the header, the rest the body.
#include "bookafy/signature.hpp"

#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SigningKey key(Secret("a key that the fuzzer does not know: 7f3a"));
  static const SigningKey known(Secret("bk_demo_signing_key_0001"));
  const auto text = fuzz::text(data, size);
  const auto line = text.substr(0, text.find('\n'));
  const auto body = text.substr(std::min(text.size(), line.size() + 1));
  const std::chrono::sys_seconds now(std::chrono::seconds(1'795'426'200));
  fuzz::promise(key.verify(line, body, now) != SignatureVerdict::valid);
  known.verify(line, body, now, std::chrono::seconds(1'000'000'000));
  fuzz::promise(known.verify(known.sign(now, body), body, now) == SignatureVerdict::valid);
  return 0;
}
