// What is read can be written, and is then read as the same.
#include "api/codec.hpp"
#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string problem;
  const auto value = codec::decode(fuzz::text(data, size), problem);
  fuzz::promise(value.has_value() == problem.empty());
  if (!value) return 0;
  const std::string compact = codec::encode(*value);
  fuzz::promise(codec::decode(compact) == *value);
  fuzz::promise(codec::encode(codec::decode(compact)) == compact);
  fuzz::promise(codec::decode(codec::encode_indented(*value)) == *value);
  value->at_path("a.0.b");
  return 0;
}
