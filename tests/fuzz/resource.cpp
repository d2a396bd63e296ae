// Whatever is pasted, the path of a request is made of our words and of ids.
#include "bookafy/resource.hpp"

#include <algorithm>

#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto resource = parse_resource(fuzz::text(data, size));
  if (!resource) return 0;
  const std::string path = resource->path();
  fuzz::promise(path.size() < 300 && path.starts_with('/'));
  fuzz::promise(
      std::all_of(path.begin(), path.end(), [](char c) { return c == '/' || is_id(std::string_view(&c, 1)); }));
  fuzz::promise(path.find("//") == std::string::npos);
  const auto again = parse_resource(path);
  fuzz::promise(again && again->path() == path && again->kind == resource->kind);
  return 0;
}
