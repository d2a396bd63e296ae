// A delivery is read or refused with the reason, and the line that is printed of it says the same.
#include "delivery/delivery.hpp"

#include "api/codec.hpp"
#include "fuzz/bytes.hpp"

using namespace bookafy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(fuzz::text(data, size));
  std::string problem;
  const auto delivery = delivery::read_delivery(body, problem);
  fuzz::promise(delivery.has_value() == problem.empty());
  if (!delivery) return 0;
  fuzz::promise(delivery->body == body && delivery->identity.size() == 16);
  const std::string line = delivery::one_line(body);
  fuzz::promise(line.find_first_of("\r\n") == std::string::npos);
  const auto again = delivery::read_delivery(line, problem);
  fuzz::promise(again && again->document == delivery->document);
  fuzz::promise(delivery->uri.empty() || again->identity == delivery->identity);
  return 0;
}
