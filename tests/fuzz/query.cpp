// Query strings: what was added is found again, and a stranger's URL is only looked at.
#include "net/query.hpp"

#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text(data, size);
  const std::string found = query_value(text, "page_token");
  fuzz::promise(found.size() <= text.size());
  const std::string encoded = percent_encoded(text);
  fuzz::promise(encoded.find_first_of(" \r\n&#?/+\"") == std::string::npos);
  fuzz::promise(query_value(Query().add("page_token", text).after("/x"), "page_token") == text);
  return 0;
}
