// A manifest is read or refused with every mistake named, and nothing else happens.
#include "manifest/manifest.hpp"

#include "bookafy/error.hpp"
#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    manifest::read(fuzz::text(data, size), "manifest.yaml");
  } catch (const Error& error) {
    fuzz::promise(error.kind == ErrorKind::usage);
    fuzz::promise(!error.message.empty() || !error.details.empty());
  }
  return 0;
}
